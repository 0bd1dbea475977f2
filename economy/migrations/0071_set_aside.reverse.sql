-- What each wallet that existed in a span is taxed on. The balance of now, less what came after the end, is the closing
-- balance; less what came within, weighed by the part of the span that had passed before it, it is the average. Both in one
-- pass over the postings since the start, pruned by their ids, and of one snapshot: so it comes out the same whenever it
-- is asked, whatever has moved since.
CREATE OR REPLACE FUNCTION economy_tax_bases(p_start timestamptz, p_end timestamptz, p_basis text)
RETURNS TABLE (wallet uuid, base numeric)
LANGUAGE sql STABLE AS $$
  SELECT w.id, div(
      (w.balance * extract(epoch FROM p_end - p_start) - coalesce(moved.weighed, 0)) * 100,
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
    WHERE w.created_at < p_end
$$;

DROP FUNCTION economy_set_aside(timestamptz, uuid);
