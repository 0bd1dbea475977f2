DROP FUNCTION civitas_guard_month(text, text);
DROP FUNCTION civitas_make_month(text, timestamptz, timestamptz);
DROP FUNCTION civitas_first_id(timestamptz);
DROP FUNCTION civitas_uuid7_beside(uuid);
DROP FUNCTION civitas_uuid7(timestamptz);
