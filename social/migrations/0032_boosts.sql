-- Boosts a post of the author's own: author → treasury, and the post is on level 0 with fresh time and score. The boost has the id
-- of its transfer, so a retry with the same key finds both. Locks in the order of 0004_feed.sql: target and writer (advisory) → key
-- → wallet → post.
CREATE FUNCTION social_give_boost(
  p_at timestamptz,
  p_author uuid,
  p_post uuid,
  p_cost numeric,
  p_span interval,
  p_most integer,
  p_channel text,
  p_key text
) RETURNS social_boost LANGUAGE plpgsql AS $$
DECLARE
  v_wallet uuid;
  v_level smallint;
  v_made record;
  v_ends timestamptz;
  v_running bigint;
  v_boost social_boost;
BEGIN
  PERFORM social_keep_target(p_post);
  -- Two boosts at once must see each other: of one post, and of one account.
  PERFORM social_lock_writer(p_author);
  SELECT w.id INTO STRICT v_wallet FROM accounts_wallet w WHERE w.user_id = p_author;

  SELECT * INTO v_made FROM ledger_move('BOOST', p_at, ARRAY[v_wallet], ARRAY[-p_cost], ARRAY['treasury'], ARRAY[p_cost],
    p_author, p_key, p_channel, '', 'post', p_post, '{}', NULL, NULL, NULL);
  IF v_made.is_replay THEN
    SELECT b.* INTO v_boost FROM social_boost b WHERE b.id = v_made.transfer_id;
    RETURN v_boost;
  END IF;

  SELECT p.queue_level INTO v_level
    FROM social_post p JOIN accounts_page g ON g.id = p.page_id
    WHERE p.id = p_post AND p.user_id = p_author AND p.deleted_at IS NULL AND p.status = 'PUBLISHED' AND g.is_active;
  IF NOT FOUND THEN
    PERFORM ledger_refuse('CV404', 'not-found', '{}');
  END IF;
  SELECT max(b.ends_at) INTO v_ends FROM social_boost b WHERE b.post_id = p_post AND b.ends_at > p_at;
  IF v_ends IS NOT NULL THEN
    PERFORM ledger_refuse('CV515', 'boost-running', jsonb_build_object('until', to_char(v_ends AT TIME ZONE 'UTC',
      'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'seconds', ceil(extract(epoch FROM v_ends - p_at))::bigint));
  END IF;
  SELECT count(*) INTO v_running FROM social_boost b WHERE b.user_id = p_author AND b.ends_at > p_at;
  IF v_running >= p_most THEN
    PERFORM ledger_refuse('CV516', 'boost-limit', jsonb_build_object('most', p_most));
  END IF;

  INSERT INTO social_boost (id, created_at, post_id, user_id, amount, ends_at, level_before)
    VALUES (v_made.transfer_id, p_at, p_post, p_author, p_cost, p_at + p_span, v_level)
    RETURNING * INTO v_boost;
  UPDATE social_post p SET
      queue_level = 0,
      queue_entered_at = p_at,
      last_queue_promotion_at = CASE WHEN p.queue_level > 0 THEN p_at ELSE p.last_queue_promotion_at END,
      last_boosted_at = p_at,
      boost_count = p.boost_count + 1,
      visibility_score = social_visibility(p.total_tokens_received, p.comments_count, greatest(p.created_at, p_at))
    WHERE p.id = p_post;
  RETURN v_boost;
END
$$;
COMMENT ON FUNCTION social_give_boost(timestamptz, uuid, uuid, numeric, interval, integer, text, text) IS
  'Boosts a post of the author''s own for coins to the treasury; refuses while one runs, or too many of the account do.';
