-- Bounties are no way past the tax: their coins are taxed as if they had stayed in the wallet.

-- Coins in bounties stay their owner's until they are awarded or back in the wallet: the tax looks at them here. A bounty begins
-- and ends with the movements of its coins, at the same moments.
CREATE OR REPLACE FUNCTION economy_set_aside(p_start timestamptz, p_wallet uuid)
RETURNS TABLE (wallet uuid, coins numeric, since timestamptz, until timestamptz)
LANGUAGE sql STABLE AS $$
  SELECT w.id, b.amount, b.created_at, NULL::timestamptz
    FROM social_bounty b JOIN accounts_wallet w ON w.user_id = b.user_id
    WHERE b.awarded_at IS NULL AND b.returned_at IS NULL AND (p_wallet IS NULL OR w.id = p_wallet)
  UNION ALL
  SELECT w.id, b.amount, b.created_at, coalesce(b.awarded_at, b.returned_at)
    FROM social_bounty b JOIN accounts_wallet w ON w.user_id = b.user_id
    WHERE coalesce(b.awarded_at, b.returned_at) > p_start AND (p_wallet IS NULL OR w.id = p_wallet)
$$;
