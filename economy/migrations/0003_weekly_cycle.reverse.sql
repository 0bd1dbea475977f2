DELETE FROM economy_taxbracket WHERE name IN ('free', 'low', 'middle', 'high', 'top');
DROP FUNCTION economy_stipend_pay(uuid, uuid, integer, timestamptz);
DROP FUNCTION economy_scaled(numeric, numeric, numeric);
DROP FUNCTION economy_tax_collect(uuid, bigint, bigint, timestamptz);
DROP FUNCTION economy_tax_assess(uuid);
DROP FUNCTION economy_tax_due(timestamptz, timestamptz, text, jsonb);
DROP FUNCTION economy_tax_bases(timestamptz, timestamptz, text);
DROP FUNCTION economy_brackets(jsonb);
