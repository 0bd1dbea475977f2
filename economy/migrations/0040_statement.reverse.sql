DROP FUNCTION economy_between(uuid, uuid, text[]);
DROP FUNCTION economy_other_wallets(uuid, uuid[], timestamptz, timestamptz);
