-- Coins that are set aside stay in their owner's tax base.

-- Coins that have left a wallet and are still its owner's, such as a promise that may come back: of whom, how many, since when,
-- and until when (NULL: still). All that lasted beyond p_start; p_wallet: of one wallet alone, NULL: of all. Here nobody sets
-- anything aside. The economy does not know what stands above it: a migration of an app above replaces this function by one
-- that reads its table (CREATE OR REPLACE); a second such app adds its rows to those of the first.
CREATE FUNCTION economy_set_aside(p_start timestamptz, p_wallet uuid)
RETURNS TABLE (wallet uuid, coins numeric, since timestamptz, until timestamptz)
LANGUAGE sql STABLE AS $$
  SELECT NULL::uuid, NULL::numeric, NULL::timestamptz, NULL::timestamptz WHERE false
$$;
COMMENT ON FUNCTION economy_set_aside(timestamptz, uuid) IS
  'Coins that have left a wallet and are still its owner''s, with the time for which. Replaced by the app that keeps them.';

-- What each wallet that existed in a span is taxed on, as if what was set aside had stayed in it. The balance of now, less what
-- came after the end, is the closing balance; less what came within, weighed by the part of the span that had passed before it,
-- it is the average. Both in one pass over the postings since the start, pruned by their ids, and of one snapshot: so it comes
-- out the same whenever it is asked, whatever has moved since. What is set aside is weighed by the part of the span that passed
-- while it was; it is few rows, summed up beside the postings and joined once.
CREATE OR REPLACE FUNCTION economy_tax_bases(p_start timestamptz, p_end timestamptz, p_basis text)
RETURNS TABLE (wallet uuid, base numeric)
LANGUAGE sql STABLE AS $$
  SELECT w.id, div(
      (w.balance * extract(epoch FROM p_end - p_start) - coalesce(moved.weighed, 0) + coalesce(aside.weighed, 0)) * 100,
      extract(epoch FROM p_end - p_start)) * 0.01
    FROM accounts_wallet w
    LEFT JOIN (
      SELECT p.wallet_id, sum(p.amount * CASE
            WHEN p.created_at >= p_end THEN extract(epoch FROM p_end - p_start)
            WHEN p_basis = 'closing' THEN 0
            ELSE extract(epoch FROM p.created_at - p_start)
          END) AS weighed
        FROM economy_posting p
        WHERE p.id >= civitas_first_id(p_start) AND p.wallet_id IS NOT NULL
        GROUP BY p.wallet_id
    ) AS moved ON moved.wallet_id = w.id
    LEFT JOIN (
      SELECT s.wallet, sum(m.amount * CASE
            WHEN m.at >= p_end THEN extract(epoch FROM p_end - p_start)
            WHEN p_basis = 'closing' THEN 0
            ELSE extract(epoch FROM m.at - p_start)
          END) AS weighed
        FROM economy_set_aside(p_start, NULL) AS s CROSS JOIN LATERAL (
          VALUES (-s.coins, greatest(s.since, p_start)), (s.coins, coalesce(s.until, 'infinity'))
        ) AS m(amount, at)
        GROUP BY s.wallet
    ) AS aside ON aside.wallet = w.id
    WHERE w.created_at < p_end
$$;
