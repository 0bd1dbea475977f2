DROP FUNCTION social_add_views(uuid[], bigint[]);
DROP FUNCTION social_queue_chunk(timestamptz, integer);

-- Counts coins given (or, negative, gone back) at a moment, with the change in the number of spenders.
CREATE OR REPLACE FUNCTION social_count(p_post uuid, p_comment uuid, p_coins numeric, p_spenders integer, p_given_at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_last timestamptz := p_given_at;
BEGIN
  IF p_post IS NULL THEN
    UPDATE social_comment c SET
        total_tokens_received = greatest(c.total_tokens_received + p_coins, 0),
        unique_spenders_count = greatest(c.unique_spenders_count + p_spenders, 0)
      WHERE c.id = p_comment;
    RETURN;
  END IF;
  IF p_coins < 0 THEN
    -- The row first: the newest tip that is left is the newest one counted. (Looked up in the UPDATE itself, it would make
    -- every tip plan that anew.)
    PERFORM 1 FROM social_post p WHERE p.id = p_post FOR NO KEY UPDATE;
    SELECT max(t.created_at) INTO v_last FROM social_tip t WHERE t.post_id = p_post AND t.unliked_at IS NULL;
  END IF;
  -- A standing may have decayed below what goes back; it ends at nothing.
  UPDATE social_post p SET
      total_tokens_received = greatest(p.total_tokens_received + p_coins, 0),
      unique_spenders_count = greatest(p.unique_spenders_count + p_spenders, 0),
      last_token_received_at = CASE WHEN p_coins < 0 THEN v_last ELSE greatest(p.last_token_received_at, v_last) END,
      visibility_score = social_visibility(
        greatest(p.total_tokens_received + p_coins, 0), p.comments_count, greatest(p.created_at, p.last_boosted_at)),
      engagement_velocity = social_velocity(p.engagement_velocity, p.velocity_at, p_coins, p_given_at),
      velocity_at = greatest(p.velocity_at, p_given_at)
    WHERE p.id = p_post;
END
$$;

DROP FUNCTION social_unrise(uuid, timestamptz);
DROP FUNCTION social_rise(uuid, timestamptz);
DROP FUNCTION social_earned(uuid, timestamptz, timestamptz, timestamptz);
DROP TRIGGER social_post_ranked_new ON social_post;
DROP TRIGGER social_post_ranked ON social_post;
DROP FUNCTION social_rank();
DROP FUNCTION social_gem(numeric, integer, bigint, integer, integer);
DROP FUNCTION social_trend(numeric, timestamptz);
DELETE FROM social_queuelevel;
