DROP FUNCTION accounts_owe_notices(timestamptz, uuid[], text, numeric[], jsonb);
DROP FUNCTION accounts_owe_notice(timestamptz, uuid, text, uuid, text, uuid, numeric, jsonb);
