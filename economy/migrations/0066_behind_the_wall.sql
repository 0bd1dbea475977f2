-- Behind the wall a member sees no line of another wallet, so the two functions that tell who stood on the other side read
-- for them, as the owner of the tables: about movements in which the asking wallet has a line, and only when that wallet is
-- theirs. They are called by those who may read postings; `manage.py roles` lets them.

-- Whether who asks may be told of this wallet: behind the wall its owner alone, without it (jobs, staff) anybody.
CREATE FUNCTION economy_may_ask(p_wallet uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
  -- In a function that runs as its definer, the setting "role" still says who asked.
  SELECT current_setting('role') <> 'civitas_member' OR p_wallet = (SELECT w.id FROM accounts_wallet w
    WHERE w.user_id = nullif(current_setting('civitas.member', true), '')::uuid)
$$;
COMMENT ON FUNCTION economy_may_ask(uuid) IS
  'Whether who asks may be told of this wallet: behind the wall its owner alone.';

-- Of these transfers, the other wallet in each. Taxes and stipends have a line for each of thousands of members: none is the other.
CREATE OR REPLACE FUNCTION economy_other_wallets(
  p_wallet uuid, p_transfers uuid[], p_since timestamptz, p_until timestamptz
) RETURNS TABLE (transfer uuid, wallet uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT other.transfer_id, other.wallet_id
    FROM economy_posting mine
    JOIN economy_posting other ON other.transfer_id = mine.transfer_id
      AND other.id >= civitas_first_id(p_since) AND other.id < civitas_first_id(p_until + interval '1 millisecond')
    WHERE mine.transfer_id = ANY (p_transfers) AND mine.wallet_id = p_wallet AND mine.kind NOT IN ('TAX', 'STIPEND')
      AND mine.id >= civitas_first_id(p_since) AND mine.id < civitas_first_id(p_until + interval '1 millisecond')
      AND other.wallet_id IS NOT NULL AND other.wallet_id <> p_wallet
      AND (SELECT economy_may_ask(p_wallet))
$$;
REVOKE ALL ON FUNCTION economy_other_wallets(uuid, uuid[], timestamptz, timestamptz) FROM PUBLIC;

-- The transfers from one of two wallets to the other.
CREATE OR REPLACE FUNCTION economy_between(p_wallet uuid, p_other uuid, p_kinds text[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT mine.transfer_id FROM economy_posting mine
    WHERE mine.wallet_id = p_wallet AND p_other <> p_wallet AND mine.kind = ANY (p_kinds)
      AND EXISTS (SELECT FROM economy_posting other
        WHERE other.transfer_id = mine.transfer_id AND other.wallet_id = p_other)
      AND (SELECT economy_may_ask(p_wallet))
$$;
REVOKE ALL ON FUNCTION economy_between(uuid, uuid, text[]) FROM PUBLIC;
