-- Tips in bare SQL, beside ledger.sql: the tip, its movement, its notice and the figures of its post in one call. The guarantees are
-- ours: what ledger.sql names, the most per member and post, the most in a minute and a day, nothing for oneself, nothing on what
-- is gone. Shares are taken as ours. The post's row is locked to the commit, which is what makes a hot post slow.

CREATE TABLE bench.post (LIKE social_post INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
INSERT INTO bench.post SELECT * FROM social_post;
ALTER TABLE bench.post ADD PRIMARY KEY (id), ADD FOREIGN KEY (user_id) REFERENCES accounts_user (id),
  ADD FOREIGN KEY (page_id) REFERENCES accounts_page (id);

CREATE TABLE bench.tip (LIKE social_tip INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
ALTER TABLE bench.tip ADD PRIMARY KEY (id), ADD FOREIGN KEY (spender_id) REFERENCES accounts_user (id),
  ADD FOREIGN KEY (recipient_id) REFERENCES accounts_user (id), ADD FOREIGN KEY (post_id) REFERENCES bench.post (id),
  ADD FOREIGN KEY (spender_page_id) REFERENCES accounts_page (id), ADD FOREIGN KEY (recipient_page_id) REFERENCES accounts_page (id);
-- The most per post and the most per minute ask for these.
CREATE INDEX ON bench.tip (post_id, spender_id);
CREATE INDEX ON bench.tip (spender_id, id DESC);
-- What is to be settled, and when.
CREATE INDEX ON bench.tip (can_unlike_until) WHERE settled_at IS NULL AND unliked_at IS NULL;

CREATE FUNCTION bench.tip(
  p_spender uuid, p_post uuid, p_coins numeric, p_key text, p_most numeric, p_a_minute integer, p_a_day integer
)
RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
  v_at timestamptz := clock_timestamp();
  v_transfer uuid := uuidv7();
  v_share numeric := trunc(p_coins * 0.20, 2);
  v_page uuid;
  v_given record;
  v_wallet record;
  v_post record;
BEGIN
  INSERT INTO bench.key (id, created_at, owner_id, key, fingerprint, transfer_id)
    VALUES (uuidv7(), v_at, p_spender, p_key, md5(concat_ws('|', p_spender, p_post, p_coins)), v_transfer)
    ON CONFLICT (owner_id, key) DO NOTHING;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'used before';
  END IF;

  UPDATE bench.wallet SET balance = balance - p_coins, lock_version = lock_version + 1,
      total_spent = total_spent + p_coins, last_activity = v_at, updated_at = v_at
    WHERE user_id = p_spender AND balance - locked_balance >= p_coins
    RETURNING id, balance, lock_version INTO v_wallet;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'not enough';
  END IF;
  SELECT count(*) FILTER (WHERE created_at > v_at - interval '1 minute') AS lately, count(*) AS today INTO v_given
    FROM bench.tip WHERE spender_id = p_spender AND id >= civitas_first_id(v_at - interval '1 day');
  IF v_given.lately >= p_a_minute OR v_given.today >= p_a_day THEN
    RAISE EXCEPTION 'limit';
  END IF;
  SELECT coalesce(sum(amount), 0) AS coins, count(*) AS tips INTO v_given FROM bench.tip
    WHERE post_id = p_post AND spender_id = p_spender AND unliked_at IS NULL;
  IF v_given.coins + p_coins > p_most THEN
    RAISE EXCEPTION 'limit';
  END IF;

  INSERT INTO bench.transfer (id, created_at, kind, trigger, channel, description, metadata, reference_type, reference_id, actor_id)
    VALUES (v_transfer, v_at, 'TIP', 'tip:post', 'API', '', '{}', 'post', p_post, p_spender);
  INSERT INTO bench.posting (id, created_at, transfer_id, wallet_id, fund, kind, amount, balance_before, balance_after, lock_version)
    VALUES
      (uuidv7(), v_at, v_transfer, v_wallet.id, NULL, 'TIP', -p_coins, v_wallet.balance + p_coins, v_wallet.balance,
        v_wallet.lock_version),
      (uuidv7(), v_at, v_transfer, NULL, 'content', 'TIP', p_coins, NULL, NULL, NULL);
  INSERT INTO bench.fundentry (fund, amount) VALUES ('content', p_coins);

  UPDATE bench.post p SET
      total_tokens_received = p.total_tokens_received + p_coins,
      unique_spenders_count = p.unique_spenders_count + (v_given.tips = 0)::integer,
      last_token_received_at = greatest(p.last_token_received_at, v_at),
      visibility_score = social_visibility(
        p.total_tokens_received + p_coins, p.comments_count, greatest(p.created_at, p.last_boosted_at)),
      engagement_velocity = social_velocity(p.engagement_velocity, p.velocity_at, p_coins, v_at),
      velocity_at = greatest(p.velocity_at, v_at), updated_at = v_at
    FROM accounts_user u, accounts_page g
    WHERE p.id = p_post AND p.user_id <> p_spender AND p.deleted_at IS NULL AND p.status = 'PUBLISHED'
      AND u.id = p.user_id AND u.status = 'ACTIVE' AND g.id = p.page_id AND g.is_active
    RETURNING p.user_id, p.page_id INTO v_post;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'not there';
  END IF;
  IF EXISTS (SELECT FROM accounts_block WHERE user_id = p_spender AND blocked_id = v_post.user_id)
    OR EXISTS (SELECT FROM accounts_block WHERE user_id = v_post.user_id AND blocked_id = p_spender) THEN
    RAISE EXCEPTION 'apart';
  END IF;
  SELECT id INTO v_page FROM accounts_page WHERE user_id = p_spender AND is_primary;
  INSERT INTO bench.tip (id, created_at, updated_at, spender_id, spender_page_id, post_id, recipient_id, recipient_page_id,
      amount, to_creator, to_treasury, burned, transfer_id, can_unlike_until)
    VALUES (v_transfer, v_at, v_at, p_spender, v_page, p_post, v_post.user_id, v_post.page_id,
      p_coins, p_coins - 2 * v_share, v_share, v_share, v_transfer, v_at + interval '24 hours');
  INSERT INTO bench.owed (id, created_at, user_id, type, actor_id, reference_type, reference_id, coins, data)
    VALUES (uuidv7(), v_at, v_post.user_id, 'tip', v_page, 'post', p_post, p_coins, '{}');
  RETURN v_wallet.balance;
END
$$;

VACUUM ANALYZE bench.post;
