CREATE OR REPLACE FUNCTION economy_other_wallets(
  p_wallet uuid, p_transfers uuid[], p_since timestamptz, p_until timestamptz
) RETURNS TABLE (transfer uuid, wallet uuid)
LANGUAGE sql STABLE AS $$
  SELECT other.transfer_id, other.wallet_id
    FROM economy_posting mine
    JOIN economy_posting other ON other.transfer_id = mine.transfer_id
      AND other.id >= civitas_first_id(p_since) AND other.id < civitas_first_id(p_until + interval '1 millisecond')
    WHERE mine.transfer_id = ANY (p_transfers) AND mine.wallet_id = p_wallet AND mine.kind NOT IN ('TAX', 'STIPEND')
      AND mine.id >= civitas_first_id(p_since) AND mine.id < civitas_first_id(p_until + interval '1 millisecond')
      AND other.wallet_id IS NOT NULL AND other.wallet_id <> p_wallet
$$;
GRANT EXECUTE ON FUNCTION economy_other_wallets(uuid, uuid[], timestamptz, timestamptz) TO PUBLIC;

CREATE OR REPLACE FUNCTION economy_between(p_wallet uuid, p_other uuid, p_kinds text[]) RETURNS SETOF uuid
LANGUAGE sql STABLE AS $$
  SELECT mine.transfer_id FROM economy_posting mine
    WHERE mine.wallet_id = p_wallet AND mine.kind = ANY (p_kinds)
      AND EXISTS (SELECT FROM economy_posting other
        WHERE other.transfer_id = mine.transfer_id AND other.wallet_id = p_other)
$$;
GRANT EXECUTE ON FUNCTION economy_between(uuid, uuid, text[]) TO PUBLIC;

DROP FUNCTION economy_may_ask(uuid);
