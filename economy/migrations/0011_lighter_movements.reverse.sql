DROP FUNCTION economy_told(timestamptz, uuid, text, numeric, jsonb, uuid);
