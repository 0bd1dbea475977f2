-- What each co-author gets of a tip that is being given, and a notice of it. Whoever may not earn at present does not share, nor
-- does who keeps apart from the giver; their part stays with the writer.
CREATE OR REPLACE FUNCTION social_share_tip(p_tip social_tip) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_share record;
BEGIN
  FOR v_share IN
    INSERT INTO social_tipshare (id, created_at, tip_id, user_id, coins)
      SELECT civitas_uuid7_beside(p_tip.id), p_tip.created_at, p_tip.id, c.user_id, trunc(p_tip.to_creator * c.share, 2)
        FROM social_coauthor c JOIN accounts_user u ON u.id = c.user_id JOIN accounts_page g ON g.id = c.page_id
        WHERE c.post_id = p_tip.post_id AND c.answer = 'YES' AND u.status = 'ACTIVE' AND g.is_active
          AND trunc(p_tip.to_creator * c.share, 2) > 0
          AND NOT EXISTS (SELECT FROM accounts_block b WHERE b.user_id = c.user_id AND b.blocked_id = p_tip.spender_id)
          AND NOT EXISTS (SELECT FROM accounts_block b WHERE b.user_id = p_tip.spender_id AND b.blocked_id = c.user_id)
      RETURNING user_id, coins
  LOOP
    PERFORM accounts_owe_notice(p_tip.created_at, v_share.user_id, 'tip', p_tip.spender_page_id, 'post', p_tip.post_id,
      v_share.coins, '{}');
  END LOOP;
END
$$;

-- As before (0032_boosts.sql), with the writer's lock before the target's: comments and removals through the API take them so.
CREATE OR REPLACE FUNCTION social_give_boost(
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
  -- Two boosts at once must see each other: of one post, and of one account.
  PERFORM social_lock_writer(p_author);
  PERFORM social_keep_target(p_post);
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
