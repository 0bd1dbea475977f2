DROP TRIGGER audit_changed ON economy_withdrawalrequest;
DROP FUNCTION economy_renew_tiers(timestamptz, uuid, integer, text[], integer[], numeric[]);
DROP FUNCTION ledger_set_tiers(uuid[], text[], numeric[]);
DROP FUNCTION economy_open_vault(timestamptz, integer);
DROP FUNCTION economy_vault(timestamptz, numeric, timestamptz, uuid[], uuid[], text[], numeric[]);
DROP FUNCTION ledger_release_many(uuid[], timestamptz);
DROP FUNCTION ledger_hold_many(text, timestamptz, timestamptz, text, uuid[], uuid[], numeric[]);
