-- For people with SQL: what each account has, has had, and stands for.

-- Every account with its coins, the standing of its posts and its rank by balance; equal balances share a rank. It stands
-- here and not with the economy because it looks at posts.
CREATE VIEW v_account_wealth AS
  SELECT w.user_id AS account_id, w.balance AS token_balance, w.total_earned AS tokens_earned_lifetime,
      w.total_spent AS tokens_spent_lifetime, w.total_tax_paid, w.total_stipend_received,
      coalesce(p.standing, 0.00) AS tokens_locked_on_posts, rank() OVER (ORDER BY w.balance DESC) AS wealth_rank
    FROM accounts_wallet w
    LEFT JOIN (
      SELECT user_id, sum(total_tokens_received) AS standing FROM social_post WHERE deleted_at IS NULL GROUP BY user_id
    ) p ON p.user_id = w.user_id;
