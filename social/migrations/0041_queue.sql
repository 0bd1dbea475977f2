-- The queue of levels, and the two scores beside visibility. A post's level changes in three ways: a tip lifts it
-- (social_rise, where tips are counted), a boost does (0032_boosts.sql), and the run of the queue looks at those whose time is up.
-- All of them hold the post's row. Locks in the order of 0004_feed.sql: nothing is locked after a post.

INSERT INTO social_queuelevel (level, time_allowed, keep_coins, keep_spenders, gem_views) VALUES
  (0, '24 hours', 5.00, 2, NULL), (1, '72 hours', 3.00, 2, NULL), (2, '14 days', 1.00, 2, 200), (3, NULL, 0.00, 2, 200);

-- Figures that rank (social/feed/rules.py says why) ----------------------------------------------------------------

-- The order of posts by their velocity now, whenever now is: ln v(u) + u/τ. Nothing for a post that has none.
CREATE FUNCTION social_trend(velocity numeric, velocity_at timestamptz) RETURNS numeric
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN velocity > 0 THEN
    round((ln(velocity::float8) + extract(epoch FROM velocity_at)::float8 / 21600)::numeric, 4) END
$$;

-- Coins per view, as if ten more had looked, of a post that enough members have tipped and few have seen; else nothing.
CREATE FUNCTION social_gem(
  standing numeric, spenders integer, views bigint, least_spenders integer, most_views integer
) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN standing > 0 AND spenders >= least_spenders AND views <= most_views THEN
    round(standing / (10 + views), 4) END
$$;

-- Keeps the scores beside whatever they are made of, so that no statement that touches a post can forget them.
CREATE FUNCTION social_rank() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.trend_score := social_trend(NEW.engagement_velocity, NEW.velocity_at);
  NEW.gem_score := NULL;
  IF NEW.queue_level >= 2 AND NEW.total_tokens_received > 0 THEN
    SELECT social_gem(NEW.total_tokens_received, NEW.unique_spenders_count, NEW.views_count, l.keep_spenders, l.gem_views)
      INTO NEW.gem_score FROM social_queuelevel l WHERE l.level = NEW.queue_level;
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION social_rank() IS 'Keeps trend_score and gem_score of a post beside what they are made of.';

CREATE TRIGGER social_post_ranked BEFORE UPDATE OF engagement_velocity, velocity_at, total_tokens_received,
  unique_spenders_count, views_count, queue_level ON social_post FOR EACH ROW EXECUTE FUNCTION social_rank();
CREATE TRIGGER social_post_ranked_new BEFORE INSERT ON social_post FOR EACH ROW
  WHEN (NEW.engagement_velocity > 0 OR NEW.queue_level >= 2) EXECUTE FUNCTION social_rank();

-- Levels ------------------------------------------------------------------------------------------------------------

-- What a post was given from a moment on and has not given back, and by how many; before p_until, when there is one. A tip at the
-- very moment counts, unless the moment is that of a rise: the tip that lifted a post has done its part.
CREATE FUNCTION social_earned(p_post uuid, p_since timestamptz, p_risen_at timestamptz, p_until timestamptz)
RETURNS TABLE (coins numeric, spenders bigint)
LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(t.amount), 0), count(DISTINCT t.spender_id) FROM social_tip t
    WHERE t.post_id = p_post AND t.unliked_at IS NULL AND t.created_at >= p_since
      AND (t.created_at > p_since OR p_since IS DISTINCT FROM p_risen_at)
      AND (p_until IS NULL OR t.created_at < p_until)
$$;

-- Lifts a post by one level when it has earned what the level above asks since it entered its own; whether it did. Called with the
-- post's row held, when a tip is counted. At most some handfuls of tips are looked at: with more the post has risen before.
CREATE FUNCTION social_rise(p_post uuid, p_at timestamptz) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  v_post record;
  v_above record;
  v_earned record;
BEGIN
  SELECT p.queue_level, p.last_queue_promotion_at AS risen_at,
      greatest(p.created_at, p.last_queue_promotion_at, p.last_queue_demotion_at) AS entered_at
    INTO v_post FROM social_post p WHERE p.id = p_post;
  IF v_post.queue_level = 0 THEN
    RETURN false;
  END IF;
  SELECT l.keep_coins, l.keep_spenders INTO v_above FROM social_queuelevel l WHERE l.level = v_post.queue_level - 1;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  SELECT e.coins, e.spenders INTO v_earned FROM social_earned(p_post, v_post.entered_at, v_post.risen_at, NULL) AS e;
  IF v_earned.coins < v_above.keep_coins OR v_earned.spenders < v_above.keep_spenders THEN
    RETURN false;
  END IF;
  UPDATE social_post p SET
      queue_level = p.queue_level - 1,
      queue_entered_at = greatest(p.queue_entered_at, p_at),
      last_queue_promotion_at = greatest(v_post.entered_at, p_at),
      queue_risen_since = v_post.entered_at
    WHERE p.id = p_post;
  RETURN true;
END
$$;

-- Undoes the last rise of a post when the tips behind it are too few without one that went back: else two friends could lift a post
-- for nothing. Only while it lives off that rise: not when it was boosted since, has earned further time, or has dropped. It
-- stands on the level below as of the rise. Called with the post's row held. Whether it dropped.
CREATE FUNCTION social_unrise(p_post uuid, p_given_at timestamptz) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE social_post p SET
      queue_level = p.queue_level + 1,
      last_queue_demotion_at = p.last_queue_promotion_at,
      queue_risen_since = NULL
    FROM social_queuelevel l
    WHERE p.id = p_post AND l.level = p.queue_level AND p.queue_level < 3
      AND p_given_at > p.queue_risen_since AND p_given_at <= p.last_queue_promotion_at
      AND p.queue_entered_at <= p.last_queue_promotion_at
      AND (p.last_queue_demotion_at IS NULL OR p.last_queue_demotion_at < p.last_queue_promotion_at)
      AND (p.last_boosted_at IS NULL OR p.last_boosted_at < p.last_queue_promotion_at)
      AND NOT EXISTS (
        SELECT FROM social_tip t WHERE t.post_id = p_post AND t.unliked_at IS NULL
            AND t.created_at > p.queue_risen_since AND t.created_at <= p.last_queue_promotion_at
          HAVING coalesce(sum(t.amount), 0) >= l.keep_coins AND count(DISTINCT t.spender_id) >= l.keep_spenders);
  RETURN FOUND;
END
$$;

-- Counts coins given (or, negative, gone back) at a moment, with the change in the number of spenders. Coins given may lift a post
-- that is not on the hot level; coins gone back may undo that.
CREATE OR REPLACE FUNCTION social_count(
  p_post uuid, p_comment uuid, p_coins numeric, p_spenders integer, p_given_at timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_last timestamptz := p_given_at;
  v_level smallint;
  v_risen_since timestamptz;
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
    WHERE p.id = p_post
    RETURNING p.queue_level, p.queue_risen_since INTO v_level, v_risen_since;
  IF p_coins > 0 AND v_level > 0 THEN
    PERFORM social_rise(p_post, p_given_at);
  ELSIF p_coins < 0 AND v_risen_since IS NOT NULL THEN
    PERFORM social_unrise(p_post, p_given_at);
  END IF;
END
$$;

-- One chunk of a run of the queue: at most p_chunk posts of each level whose time is up stay, with fresh time, or drop a level. How
-- many did which. The fresh time begins when the old one was up, so a run that comes late ends where timely ones would have. What
-- somebody else holds at this moment is left to the next run; nothing is waited for.
CREATE FUNCTION social_queue_chunk(p_at timestamptz, p_chunk integer, OUT kept bigint, OUT fallen bigint)
LANGUAGE plpgsql AS $$
DECLARE
  v_level social_queuelevel;
  v_some record;
BEGIN
  kept := 0;
  fallen := 0;
  FOR v_level IN SELECT l.* FROM social_queuelevel l WHERE l.time_allowed IS NOT NULL AND l.level < 3 ORDER BY l.level LOOP
    WITH due AS MATERIALIZED (
      SELECT p.id, p.queue_entered_at, p.last_queue_promotion_at FROM social_post p
        WHERE p.deleted_at IS NULL AND p.queue_level IN (0, 1, 2) AND p.queue_level = v_level.level
          AND p.queue_entered_at <= p_at - v_level.time_allowed
        ORDER BY p.queue_entered_at LIMIT p_chunk FOR NO KEY UPDATE SKIP LOCKED
    ), judged AS (
      SELECT d.id, e.coins >= v_level.keep_coins AND e.spenders >= v_level.keep_spenders AS stays,
          d.queue_entered_at + v_level.time_allowed AS up_at
        FROM due d CROSS JOIN LATERAL social_earned(
          d.id, d.queue_entered_at, d.last_queue_promotion_at, d.queue_entered_at + v_level.time_allowed) AS e
    ), done AS (
      UPDATE social_post p SET
          queue_level = CASE WHEN j.stays THEN p.queue_level ELSE p.queue_level + 1 END,
          queue_entered_at = j.up_at,
          last_queue_demotion_at = CASE WHEN j.stays THEN p.last_queue_demotion_at ELSE j.up_at END,
          queue_risen_since = CASE WHEN j.stays THEN p.queue_risen_since END
        FROM judged j WHERE p.id = j.id
        RETURNING j.stays
    )
    SELECT count(*) FILTER (WHERE d.stays) AS kept, count(*) FILTER (WHERE NOT d.stays) AS fallen INTO v_some FROM done d;
    kept := kept + v_some.kept;
    fallen := fallen + v_some.fallen;
  END LOOP;
END
$$;

-- Views -------------------------------------------------------------------------------------------------------------

-- Adds views to posts, set-based; locked in the order of their ids.
CREATE FUNCTION social_add_views(p_posts uuid[], p_views bigint[]) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  v_count bigint;
BEGIN
  PERFORM 1 FROM social_post p WHERE p.id = ANY (p_posts) ORDER BY p.id FOR NO KEY UPDATE;
  UPDATE social_post p SET views_count = p.views_count + seen.views
    FROM (SELECT u.post, sum(u.views)::bigint AS views FROM unnest(p_posts, p_views) AS u(post, views) GROUP BY u.post) AS seen
    WHERE p.id = seen.post AND p.deleted_at IS NULL;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END
$$;
