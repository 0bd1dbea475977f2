-- The statement names the other side of a movement, and is filtered by it. Both are asked here and nowhere else, and answered for
-- movements alone in which the asking wallet has a line of its own.

-- Of these transfers, the other wallet in each. Taxes and stipends have a line for each of thousands of members: none is the other.
CREATE FUNCTION economy_other_wallets(p_wallet uuid, p_transfers uuid[], p_since timestamptz, p_until timestamptz)
RETURNS TABLE (transfer uuid, wallet uuid)
LANGUAGE sql STABLE AS $$
  SELECT other.transfer_id, other.wallet_id
    FROM economy_posting mine
    JOIN economy_posting other ON other.transfer_id = mine.transfer_id
      AND other.id >= civitas_first_id(p_since) AND other.id < civitas_first_id(p_until + interval '1 millisecond')
    WHERE mine.transfer_id = ANY (p_transfers) AND mine.wallet_id = p_wallet AND mine.kind NOT IN ('TAX', 'STIPEND')
      AND mine.id >= civitas_first_id(p_since) AND mine.id < civitas_first_id(p_until + interval '1 millisecond')
      AND other.wallet_id IS NOT NULL AND other.wallet_id <> p_wallet
$$;
COMMENT ON FUNCTION economy_other_wallets(uuid, uuid[], timestamptz, timestamptz) IS
  'Of transfers in which a wallet has a line, the other wallet in each; taxes and stipends have none.';

-- The transfers from one of two wallets to the other.
CREATE FUNCTION economy_between(p_wallet uuid, p_other uuid, p_kinds text[]) RETURNS SETOF uuid
LANGUAGE sql STABLE AS $$
  SELECT mine.transfer_id FROM economy_posting mine
    WHERE mine.wallet_id = p_wallet AND mine.kind = ANY (p_kinds)
      AND EXISTS (SELECT FROM economy_posting other
        WHERE other.transfer_id = mine.transfer_id AND other.wallet_id = p_other)
$$;
COMMENT ON FUNCTION economy_between(uuid, uuid, text[]) IS
  'The transfers of some kinds in which both of two wallets have a line.';

-- What the figures of runs and days that are over are made of; from now on it is kept with them.
UPDATE economy_taxrun r SET by_bracket = found.members
  FROM (
    SELECT run_id, jsonb_object_agg(tax_bracket, members) AS members
      FROM (SELECT run_id, tax_bracket, count(*) AS members FROM economy_taxcollection GROUP BY 1, 2) AS counted
      GROUP BY run_id
  ) AS found
  WHERE found.run_id = r.id AND r.status = 'DONE';

UPDATE economy_stipendrun r SET
    total_base = found.base, total_engagement = found.engagement, total_new_member = found.new_member
  FROM (
    SELECT run_id, sum(base_stipend) AS base, sum(engagement_bonus) AS engagement, sum(new_user_bonus) AS new_member
      FROM economy_stipenddistribution WHERE paid_at IS NOT NULL GROUP BY run_id
  ) AS found
  WHERE found.run_id = r.id AND r.status = 'DONE';

UPDATE economy_economysnapshot s SET tax = found.tax, stipend = found.stipend
  FROM (
    SELECT (created_at AT TIME ZONE 'UTC')::date AS day, coalesce(sum(amount) FILTER (WHERE kind = 'TAX'), 0) AS tax,
        coalesce(-sum(amount) FILTER (WHERE kind = 'STIPEND'), 0) AS stipend
      FROM economy_posting WHERE fund = 'treasury' AND kind IN ('TAX', 'STIPEND') GROUP BY 1
  ) AS found
  WHERE found.day = s.day;
