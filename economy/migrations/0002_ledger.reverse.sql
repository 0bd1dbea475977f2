DROP FUNCTION ledger_roll_up_funds();
DROP FUNCTION ledger_fund_balance(text);
DROP FUNCTION ledger_release(uuid, timestamptz);
DROP FUNCTION ledger_hold(uuid, text, numeric, timestamptz, timestamptz, text, uuid);
DROP FUNCTION ledger_move_many(text, timestamptz, text, text, text, uuid[], uuid[], uuid[], uuid[], text[], numeric[]);
DROP FUNCTION ledger_lock_wallets(uuid[]);
DROP FUNCTION ledger_move(text, timestamptz, uuid[], numeric[], text[], numeric[], uuid, text, text, text, text, uuid,
  jsonb, uuid, bigint, numeric);
DROP FUNCTION ledger_refuse(text, text, jsonb);
DROP FUNCTION ledger_spent(text, numeric);
DROP FUNCTION ledger_earned(text, numeric);
DROP FUNCTION economy_transfer_guard_month(text);
DROP FUNCTION economy_posting_guard_month(text);
DROP TRIGGER economy_must_balance ON economy_unbalancedtransfer;
DROP FUNCTION economy_must_balance();
DROP FUNCTION economy_postings_written() CASCADE;
DROP FUNCTION economy_no_truncate() CASCADE;
DROP FUNCTION economy_append_only() CASCADE;
