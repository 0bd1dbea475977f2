DROP FUNCTION economy_stipend_owe(uuid, timestamptz, integer);
ALTER TABLE economy_stipenddistribution RESET (fillfactor);
