DROP FUNCTION ledger_count_given(uuid, timestamptz, numeric, numeric);
