-- The feed: counters, the figures that rank, and the movements of tips.
--
-- Everybody takes locks in this order, and skips what is not needed:
--   writer, then target (advisory) → key → wallets by id → tips by id → uncounted tips → user → comment → posts by id →
--   pages by id
-- A tip holds its target (shared), its key and its spender's wallet, and comes to the post last. Taking back holds the
-- spender's wallet, then the tip, then the post. Settlement holds the wallets of a chunk's creators, then its tips, then
-- their pages. Removal holds the target alone, the wallets of the givers, the tips, the post.

-- Who writes, and what is written under ----------------------------------------------------------------------------

-- The writings of one account pass one by one, or two posts at once would both be the first of a chain.
CREATE FUNCTION social_lock_writer(p_writer uuid) RETURNS void
LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(uuid_hash_extended(p_writer, 52))
$$;

-- A post or comment is kept by whoever tips it or answers it, and held alone by whoever removes it. Not a lock on its row: a
-- row shared by many is dear to share, and a removal could wait forever behind ever new sharers.
CREATE FUNCTION social_keep_target(p_target uuid) RETURNS void
LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock_shared(uuid_hash_extended(p_target, 51))
$$;

CREATE FUNCTION social_hold_target(p_target uuid) RETURNS void
LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(uuid_hash_extended(p_target, 51))
$$;

-- Figures that rank (social/feed/rules.py says why) ----------------------------------------------------------------

CREATE FUNCTION social_visibility(standing numeric, comments integer, born timestamptz) RETURNS numeric
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT round((log((1 + standing + 0.10 * comments)::float8) + extract(epoch FROM born)::float8 / 43200)::numeric, 4)
$$;

-- What is left after some time of what was 1, with six hours to 1/e. Below e^-700 a float has no more room.
CREATE FUNCTION social_left_after(passed interval) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT exp(greatest(extract(epoch FROM passed)::float8 / -21600, -700))
$$;

-- Coins per hour as of greatest(before_at, given_at), after coins were given (or, negative, have gone back).
CREATE FUNCTION social_velocity(before numeric, before_at timestamptz, coins numeric, given_at timestamptz) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT greatest(0, round((
    coalesce(before::float8 * social_left_after(greatest(before_at, given_at) - before_at), 0)
    + coins::float8 / 6 * social_left_after(greatest(before_at, given_at) - given_at))::numeric, 4))
$$;

-- Counters ---------------------------------------------------------------------------------------------------------

CREATE FUNCTION social_posts_written() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE accounts_user u SET posts_created_count = u.posts_created_count + n.posts
    FROM (SELECT w.user_id, count(*) AS posts FROM written w GROUP BY w.user_id) AS n WHERE u.id = n.user_id;
  UPDATE accounts_page g SET posts_count = g.posts_count + n.posts
    FROM (
      SELECT w.page_id, count(*) AS posts FROM written w
        WHERE w.deleted_at IS NULL AND w.status = 'PUBLISHED' GROUP BY w.page_id
    ) AS n
    WHERE g.id = n.page_id;
  RETURN NULL;
END
$$;

CREATE TRIGGER social_posts_written AFTER INSERT ON social_post
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION social_posts_written();

CREATE FUNCTION social_posts_gone() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE accounts_page g SET posts_count = greatest(g.posts_count - n.posts, 0)
    FROM (
      SELECT w.page_id, count(*) AS posts FROM gone w
        WHERE w.deleted_at IS NULL AND w.status = 'PUBLISHED' GROUP BY w.page_id
    ) AS n
    WHERE g.id = n.page_id;
  RETURN NULL;
END
$$;

CREATE TRIGGER social_posts_gone AFTER DELETE ON social_post
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION social_posts_gone();

-- Removed, put back, published, withdrawn: by row, so that the many other updates of a post cost nothing here.
CREATE FUNCTION social_post_shown() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  v_step integer := CASE WHEN NEW.deleted_at IS NULL AND NEW.status = 'PUBLISHED' THEN 1 ELSE -1 END;
BEGIN
  UPDATE accounts_page g SET posts_count = greatest(g.posts_count + v_step, 0) WHERE g.id = NEW.page_id;
  RETURN NULL;
END
$$;

CREATE TRIGGER social_post_shown AFTER UPDATE OF deleted_at, status ON social_post FOR EACH ROW
  WHEN ((OLD.deleted_at IS NULL AND OLD.status = 'PUBLISHED') <> (NEW.deleted_at IS NULL AND NEW.status = 'PUBLISHED'))
  EXECUTE FUNCTION social_post_shown();

-- A comment is an event of its post, so the score is made anew with the count.
CREATE FUNCTION social_count_comments(p_post uuid, p_step integer) RETURNS void
LANGUAGE sql AS $$
  UPDATE social_post p SET
      comments_count = greatest(p.comments_count + p_step, 0),
      visibility_score = social_visibility(
        p.total_tokens_received, greatest(p.comments_count + p_step, 0), greatest(p.created_at, p.last_boosted_at))
    WHERE p.id = p_post
$$;

CREATE FUNCTION social_comments_written() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  -- The user before the post: whoever used a free comment has the user already.
  UPDATE accounts_user u SET comments_created_count = u.comments_created_count + n.comments
    FROM (SELECT w.user_id, count(*) AS comments FROM written w GROUP BY w.user_id) AS n WHERE u.id = n.user_id;
  PERFORM social_count_comments(n.post_id, n.comments)
    FROM (
      SELECT w.post_id, count(*)::integer AS comments FROM written w
        WHERE w.deleted_at IS NULL GROUP BY w.post_id ORDER BY w.post_id
    ) AS n;
  RETURN NULL;
END
$$;

CREATE TRIGGER social_comments_written AFTER INSERT ON social_comment
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION social_comments_written();

CREATE FUNCTION social_comments_gone() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM social_count_comments(n.post_id, -n.comments)
    FROM (
      SELECT w.post_id, count(*)::integer AS comments FROM gone w
        WHERE w.deleted_at IS NULL GROUP BY w.post_id ORDER BY w.post_id
    ) AS n;
  RETURN NULL;
END
$$;

CREATE TRIGGER social_comments_gone AFTER DELETE ON social_comment
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION social_comments_gone();

CREATE FUNCTION social_comment_shown() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM social_count_comments(NEW.post_id, CASE WHEN NEW.deleted_at IS NULL THEN 1 ELSE -1 END);
  RETURN NULL;
END
$$;

CREATE TRIGGER social_comment_shown AFTER UPDATE OF deleted_at ON social_comment FOR EACH ROW
  WHEN ((OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL)) EXECUTE FUNCTION social_comment_shown();

CREATE FUNCTION social_followed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE accounts_page g SET followers_count = g.followers_count + n.followers
    FROM (SELECT w.page_id, count(*) AS followers FROM written w GROUP BY w.page_id) AS n WHERE g.id = n.page_id;
  RETURN NULL;
END
$$;

CREATE TRIGGER social_followed AFTER INSERT ON social_follow
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION social_followed();

CREATE FUNCTION social_unfollowed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE accounts_page g SET followers_count = greatest(g.followers_count - n.followers, 0)
    FROM (SELECT w.page_id, count(*) AS followers FROM gone w GROUP BY w.page_id) AS n WHERE g.id = n.page_id;
  RETURN NULL;
END
$$;

CREATE TRIGGER social_unfollowed AFTER DELETE ON social_follow
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION social_unfollowed();

-- What a tip changes on its target ---------------------------------------------------------------------------------

-- Counts coins given (or, negative, gone back) at a moment, with the change in the number of spenders.
CREATE FUNCTION social_count(p_post uuid, p_comment uuid, p_coins numeric, p_spenders integer, p_given_at timestamptz)
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

-- Counts a tip that was left uncounted; whether it was. Of two at once the second waits here and finds nothing to count.
CREATE FUNCTION social_count_tip(p_tip uuid) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  v_is_first boolean;
  v_tip record;
BEGIN
  DELETE FROM social_uncountedtip u WHERE u.tip_id = p_tip RETURNING u.is_first INTO v_is_first;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  SELECT t.post_id, t.comment_id, t.amount, t.created_at INTO v_tip FROM social_tip t WHERE t.id = p_tip;
  PERFORM social_count(v_tip.post_id, v_tip.comment_id, v_tip.amount, v_is_first::integer, v_tip.created_at);
  RETURN true;
END
$$;

-- Counts what a crash has left uncounted; how many.
CREATE FUNCTION social_count_left(p_most integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  v_count integer;
BEGIN
  SELECT count(*) FILTER (WHERE social_count_tip(waiting.tip_id)) INTO v_count
    FROM (
      SELECT u.tip_id FROM social_uncountedtip u JOIN social_tip t ON t.id = u.tip_id
        ORDER BY t.post_id, t.id LIMIT p_most FOR UPDATE OF u SKIP LOCKED
    ) AS waiting;
  RETURN v_count;
END
$$;

-- Tips -------------------------------------------------------------------------------------------------------------

-- Gives a tip: spender → content. The tip has the id of its transfer, so a retry with the same key finds both.
-- is_counted is false when the post was tipped within the last second and the caller may count later: those who tip it now
-- would otherwise wait for each other's commit.
CREATE FUNCTION social_give_tip(
  p_at timestamptz,
  p_spender uuid,
  p_page uuid,
  p_post uuid,
  p_comment uuid,
  p_coins numeric,
  p_to_creator numeric,
  p_to_treasury numeric,
  p_burned numeric,
  p_most numeric,
  p_window interval,
  p_channel text,
  p_key text,
  p_may_count_later boolean,
  OUT tip social_tip,
  OUT is_counted boolean
) LANGUAGE plpgsql AS $$
DECLARE
  v_spender record;
  v_made record;
  v_content record;
  v_given record;
BEGIN
  is_counted := true;
  PERFORM social_keep_target(coalesce(p_post, p_comment));
  SELECT w.id AS wallet, g.id AS page INTO v_spender
    FROM accounts_wallet w JOIN accounts_page g ON g.user_id = w.user_id AND g.is_primary WHERE w.user_id = p_spender;

  SELECT * INTO v_made FROM ledger_move('TIP', p_at, ARRAY[v_spender.wallet], ARRAY[-p_coins], ARRAY['content'],
    ARRAY[p_coins], p_spender, p_key, p_channel, '', CASE WHEN p_post IS NULL THEN 'comment' ELSE 'post' END,
    coalesce(p_post, p_comment), '{}', NULL, NULL, NULL);
  IF v_made.is_replay THEN
    SELECT * INTO tip FROM social_tip t WHERE t.id = v_made.transfer_id;
    RETURN;
  END IF;

  -- From here on the spender's wallet is ours: nobody else tips for this spender, and the sums below stay true.
  IF p_post IS NOT NULL THEN
    SELECT p.user_id, p.page_id, u.status, p.last_token_received_at INTO v_content
      FROM social_post p JOIN accounts_page g ON g.id = p.page_id JOIN accounts_user u ON u.id = p.user_id
      WHERE p.id = p_post AND p.deleted_at IS NULL AND p.status = 'PUBLISHED'
        AND g.is_active AND u.status IN ('ACTIVE', 'SUSPENDED');
  ELSE
    SELECT c.user_id, c.page_id, u.status, NULL::timestamptz AS last_token_received_at INTO v_content
      FROM social_comment c JOIN accounts_page g ON g.id = c.page_id JOIN accounts_user u ON u.id = c.user_id
        JOIN social_post p ON p.id = c.post_id JOIN accounts_page pg ON pg.id = p.page_id
        JOIN accounts_user pu ON pu.id = p.user_id
      WHERE c.id = p_comment AND c.deleted_at IS NULL AND g.is_active AND u.status IN ('ACTIVE', 'SUSPENDED')
        AND p.deleted_at IS NULL AND p.status = 'PUBLISHED' AND pg.is_active AND pu.status IN ('ACTIVE', 'SUSPENDED');
  END IF;
  IF NOT FOUND THEN
    PERFORM ledger_refuse('CV404', 'not-found', '{}');
  ELSIF v_content.user_id = p_spender THEN
    PERFORM ledger_refuse('CV510', 'own-content', '{}');
  ELSIF v_content.status <> 'ACTIVE' THEN
    PERFORM ledger_refuse('CV514', 'not-tippable', '{}');
  END IF;

  IF p_post IS NOT NULL THEN
    SELECT coalesce(sum(t.amount), 0) AS coins, count(*) AS tips INTO v_given FROM social_tip t
      WHERE t.post_id = p_post AND t.spender_id = p_spender AND t.unliked_at IS NULL;
  ELSE
    SELECT coalesce(sum(t.amount), 0) AS coins, count(*) AS tips INTO v_given FROM social_tip t
      WHERE t.comment_id = p_comment AND t.spender_id = p_spender AND t.unliked_at IS NULL;
  END IF;
  IF v_given.coins + p_coins > p_most THEN
    PERFORM ledger_refuse('CV511', 'tip-limit',
      jsonb_build_object('most', p_most::text, 'left', greatest(p_most - v_given.coins, 0)::text));
  END IF;

  INSERT INTO social_tip (id, created_at, updated_at, spender_id, spender_page_id, post_id, comment_id, recipient_id,
      recipient_page_id, amount, to_creator, to_treasury, burned, transfer_id, can_unlike_until)
    VALUES (v_made.transfer_id, p_at, p_at, p_spender, coalesce(p_page, v_spender.page), p_post, p_comment,
      v_content.user_id, v_content.page_id, p_coins, p_to_creator, p_to_treasury, p_burned, v_made.transfer_id,
      p_at + p_window)
    RETURNING * INTO tip;

  IF p_may_count_later AND v_content.last_token_received_at > p_at - interval '1 second' THEN
    INSERT INTO social_uncountedtip (tip_id, is_first) VALUES (tip.id, v_given.tips = 0);
    is_counted := false;
  ELSE
    PERFORM social_count(p_post, p_comment, p_coins, (v_given.tips = 0)::integer, p_at);
  END IF;
END
$$;

-- A tip that is a transaction of its own, in one round trip. On a busy post the coins are committed first and the figures
-- follow in a second transaction, which need not wait for the disk: whoever crashes between the two leaves a row in
-- social_uncountedtip, and the job that settles tips counts it.
CREATE PROCEDURE social_tip_alone(
  p_at timestamptz,
  p_spender uuid,
  p_page uuid,
  p_post uuid,
  p_comment uuid,
  p_coins numeric,
  p_to_creator numeric,
  p_to_treasury numeric,
  p_burned numeric,
  p_most numeric,
  p_window interval,
  p_channel text,
  p_key text,
  INOUT tip jsonb
) LANGUAGE plpgsql AS $$
DECLARE
  v_given record;
BEGIN
  SELECT g.tip, g.is_counted INTO v_given FROM social_give_tip(p_at, p_spender, p_page, p_post, p_comment, p_coins,
    p_to_creator, p_to_treasury, p_burned, p_most, p_window, p_channel, p_key, true) AS g;
  tip := to_jsonb(v_given.tip);
  IF v_given.is_counted THEN
    RETURN;
  END IF;
  COMMIT;
  PERFORM set_config('synchronous_commit', 'off', true);
  BEGIN
    PERFORM social_count_tip((v_given.tip).id);
  EXCEPTION WHEN OTHERS OR query_canceled THEN
    -- The coins have moved: whatever keeps the figures back is no reason to tell the giver that the tip failed. The job
    -- tries again, and fails loudly if it must.
    RAISE WARNING 'tip % is left uncounted: %', (v_given.tip).id, SQLERRM;
  END;
END
$$;

-- Takes a tip back, by its spender and inside its window: content → spender, all of it.
CREATE FUNCTION social_take_back(p_at timestamptz, p_spender uuid, p_tip uuid, p_channel text) RETURNS social_tip
LANGUAGE plpgsql AS $$
DECLARE
  v_wallet uuid;
  v_tip social_tip;
  v_has_other boolean;
BEGIN
  SELECT w.id INTO v_wallet FROM social_tip t JOIN accounts_wallet w ON w.user_id = t.spender_id
    WHERE t.id = p_tip AND t.spender_id = p_spender;
  IF NOT FOUND THEN
    PERFORM ledger_refuse('CV404', 'not-found', '{}');
  END IF;
  PERFORM ledger_lock_wallets(ARRAY[v_wallet]);
  -- Settlement or a second take-back may have been faster: whoever comes second waits here and reads what became of it.
  SELECT t.* INTO v_tip FROM social_tip t WHERE t.id = p_tip FOR NO KEY UPDATE;
  IF v_tip.unliked_at IS NOT NULL THEN
    PERFORM ledger_refuse('CV513', 'tip-resolved', '{}');
  ELSIF p_at >= v_tip.can_unlike_until THEN
    PERFORM ledger_refuse('CV512', 'refund-window-over', '{}');
  ELSIF v_tip.settled_at IS NOT NULL THEN
    PERFORM ledger_refuse('CV513', 'tip-resolved', '{}');
  END IF;

  PERFORM ledger_move('TIP_REFUND', p_at, ARRAY[v_wallet], ARRAY[v_tip.amount], ARRAY['content'], ARRAY[-v_tip.amount],
    p_spender, NULL, p_channel, '', 'tip', p_tip, '{}', v_tip.transfer_id, NULL, NULL);
  UPDATE social_tip t SET unliked_at = p_at WHERE t.id = p_tip RETURNING t.* INTO v_tip;

  PERFORM social_count_tip(p_tip);
  IF v_tip.post_id IS NOT NULL THEN
    v_has_other := EXISTS (SELECT FROM social_tip t
      WHERE t.post_id = v_tip.post_id AND t.spender_id = p_spender AND t.unliked_at IS NULL);
  ELSE
    v_has_other := EXISTS (SELECT FROM social_tip t
      WHERE t.comment_id = v_tip.comment_id AND t.spender_id = p_spender AND t.unliked_at IS NULL);
  END IF;
  PERFORM social_count(v_tip.post_id, v_tip.comment_id, -v_tip.amount, CASE WHEN v_has_other THEN 0 ELSE -1 END,
    v_tip.created_at);
  RETURN v_tip;
END
$$;

-- Settles tips whose window is over, at most p_chunk of them: content → creator, treasury, burned. How many.
CREATE FUNCTION social_settle_tips(p_at timestamptz, p_chunk integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  v_due uuid[];
  v_wallets uuid[];
  v_transfers uuid[];
BEGIN
  -- Two jobs at once take turns, chunk by chunk, instead of settling half of each other's chunk.
  PERFORM pg_advisory_xact_lock(hashtextextended('social_settle_tips', 0));
  SELECT array_agg(due.id), array_agg(DISTINCT w.id) INTO v_due, v_wallets
    FROM (
      SELECT t.id, t.recipient_id FROM social_tip t
        WHERE t.unliked_at IS NULL AND t.settled_at IS NULL AND t.can_unlike_until <= p_at
        ORDER BY t.can_unlike_until LIMIT p_chunk
    ) AS due
    JOIN accounts_wallet w ON w.user_id = due.recipient_id;
  IF v_due IS NULL THEN
    RETURN 0;
  END IF;

  PERFORM ledger_lock_wallets(v_wallets);
  -- A tip that someone is taking back at this moment is theirs; if they let go of it, the next run settles it.
  SELECT array_agg(mine.id ORDER BY mine.id), array_agg(civitas_uuid7(p_at) ORDER BY mine.id) INTO v_due, v_transfers
    FROM (
      SELECT t.id FROM social_tip t
        WHERE t.id = ANY (v_due) AND t.unliked_at IS NULL AND t.settled_at IS NULL
        ORDER BY t.id FOR NO KEY UPDATE SKIP LOCKED
    ) AS mine;
  IF v_due IS NULL THEN
    RETURN 0;
  END IF;

  PERFORM ledger_move_many('TIP_SETTLEMENT', p_at, 'JOB', '', 'tip', v_transfers, v_due,
      array_agg(leg.transfer ORDER BY leg.place, leg.part), array_agg(leg.wallet ORDER BY leg.place, leg.part),
      array_agg(leg.fund ORDER BY leg.place, leg.part), array_agg(leg.amount ORDER BY leg.place, leg.part))
    FROM (
      SELECT u.transfer, u.place, part.part, part.wallet, part.fund, part.amount
        FROM unnest(v_due, v_transfers) WITH ORDINALITY AS u(tip, transfer, place)
        JOIN social_tip t ON t.id = u.tip
        JOIN accounts_wallet w ON w.user_id = t.recipient_id
        CROSS JOIN LATERAL (VALUES
          (1, NULL::uuid, 'content', -t.amount),
          (2, w.id, NULL, t.to_creator),
          (3, NULL, 'treasury', t.to_treasury),
          (4, NULL, 'burned', t.burned)
        ) AS part(part, wallet, fund, amount)
    ) AS leg;

  UPDATE social_tip t SET settled_at = p_at WHERE t.id = ANY (v_due);

  PERFORM 1 FROM accounts_page g WHERE g.id IN (SELECT t.recipient_page_id FROM social_tip t WHERE t.id = ANY (v_due))
    ORDER BY g.id FOR NO KEY UPDATE;
  UPDATE accounts_page g SET total_tokens_earned = g.total_tokens_earned + earned.coins
    FROM (
      SELECT t.recipient_page_id, sum(t.to_creator) AS coins FROM social_tip t
        WHERE t.id = ANY (v_due) GROUP BY t.recipient_page_id
    ) AS earned
    WHERE g.id = earned.recipient_page_id;
  RETURN cardinality(v_due);
END
$$;

-- Removal ----------------------------------------------------------------------------------------------------------

-- Removes a post or a comment, by its author or a moderator; tips inside their window go back: content → spenders. A tip
-- whose window is over belongs to the creator, whether it is settled yet or not. How many tips went back.
CREATE FUNCTION social_remove(
  p_at timestamptz, p_remover uuid, p_is_moderator boolean, p_post uuid, p_comment uuid, p_channel text
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  v_author uuid;
  v_wallets uuid[];
  v_tips uuid[];
  v_transfers uuid[];
BEGIN
  -- Who tips it at this moment finishes first; who comes later finds it gone. So the set of its tips stands still.
  PERFORM social_hold_target(coalesce(p_post, p_comment));
  IF p_post IS NOT NULL THEN
    SELECT p.user_id INTO v_author FROM social_post p WHERE p.id = p_post AND p.deleted_at IS NULL;
  ELSE
    SELECT c.user_id INTO v_author FROM social_comment c WHERE c.id = p_comment AND c.deleted_at IS NULL;
  END IF;
  IF v_author IS NULL OR NOT (v_author = p_remover OR p_is_moderator) THEN
    PERFORM ledger_refuse('CV404', 'not-found', '{}');
  END IF;

  SELECT array_agg(DISTINCT w.id), array_agg(t.id) INTO v_wallets, v_tips
    FROM social_tip t JOIN accounts_wallet w ON w.user_id = t.spender_id
    WHERE (t.post_id = p_post OR t.comment_id = p_comment)
      AND t.unliked_at IS NULL AND t.settled_at IS NULL AND t.can_unlike_until > p_at;
  PERFORM ledger_lock_wallets(v_wallets);
  -- Some may have been taken back or settled before their wallets were ours.
  SELECT array_agg(open.id ORDER BY open.id), array_agg(civitas_uuid7(p_at) ORDER BY open.id) INTO v_tips, v_transfers
    FROM (
      SELECT t.id FROM social_tip t WHERE t.id = ANY (v_tips) AND t.unliked_at IS NULL AND t.settled_at IS NULL
        ORDER BY t.id FOR NO KEY UPDATE
    ) AS open;

  IF v_tips IS NOT NULL THEN
    PERFORM ledger_move_many('TIP_REFUND', p_at, p_channel, '', 'tip', v_transfers, v_tips,
        array_agg(leg.transfer ORDER BY leg.place, leg.part), array_agg(leg.wallet ORDER BY leg.place, leg.part),
        array_agg(leg.fund ORDER BY leg.place, leg.part), array_agg(leg.amount ORDER BY leg.place, leg.part))
      FROM (
        SELECT u.transfer, u.place, part.part, part.wallet, part.fund, part.amount
          FROM unnest(v_tips, v_transfers) WITH ORDINALITY AS u(tip, transfer, place)
          JOIN social_tip t ON t.id = u.tip
          JOIN accounts_wallet w ON w.user_id = t.spender_id
          CROSS JOIN LATERAL (VALUES
            (1, NULL::uuid, 'content', -t.amount), (2, w.id, NULL, t.amount)
          ) AS part(part, wallet, fund, amount)
      ) AS leg;
    UPDATE social_tip t SET unliked_at = p_at WHERE t.id = ANY (v_tips);
    PERFORM social_count_tip(u.tip_id) FROM social_uncountedtip u WHERE u.tip_id = ANY (v_tips);
  END IF;

  IF p_comment IS NOT NULL THEN
    UPDATE social_comment c SET deleted_at = p_at, deleted_by_id = p_remover,
        total_tokens_received = greatest(c.total_tokens_received - back.coins, 0), unique_spenders_count = live.spenders
      FROM (SELECT coalesce(sum(t.amount), 0) AS coins FROM social_tip t WHERE t.id = ANY (v_tips)) AS back,
        (SELECT count(DISTINCT t.spender_id) AS spenders FROM social_tip t
          WHERE t.comment_id = p_comment AND t.unliked_at IS NULL) AS live
      WHERE c.id = p_comment;
    RETURN coalesce(cardinality(v_tips), 0);
  END IF;

  -- The row first: the sums below must see what the last one who counted has written.
  PERFORM 1 FROM social_post p WHERE p.id = p_post FOR NO KEY UPDATE;
  UPDATE social_post p SET deleted_at = p_at, deleted_by_id = p_remover,
      total_tokens_received = greatest(p.total_tokens_received - back.coins, 0),
      unique_spenders_count = live.spenders,
      last_token_received_at = live.last,
      visibility_score = social_visibility(
        greatest(p.total_tokens_received - back.coins, 0), p.comments_count, greatest(p.created_at, p.last_boosted_at)),
      engagement_velocity = greatest(0, p.engagement_velocity - back.velocity)
    FROM (
      SELECT coalesce(sum(t.amount), 0) AS coins,
          coalesce(round(sum(t.amount::float8 / 6
            * social_left_after(greatest(q.velocity_at, t.created_at) - t.created_at))::numeric, 4), 0) AS velocity
        FROM social_tip t JOIN social_post q ON q.id = t.post_id WHERE t.id = ANY (v_tips)
    ) AS back, (
      SELECT count(DISTINCT t.spender_id) AS spenders, max(t.created_at) AS last
        FROM social_tip t WHERE t.post_id = p_post AND t.unliked_at IS NULL
    ) AS live
    WHERE p.id = p_post;
  RETURN coalesce(cardinality(v_tips), 0);
END
$$;

-- Decay ------------------------------------------------------------------------------------------------------------

-- What posts lose for a week that ended at p_end: those without a tip in the seven days before. A tip that was taken back is
-- none. Run late, the standing is the one at the week's end: tips since then are left out of it (those that it holds already).
CREATE FUNCTION social_decaying(p_end timestamptz, p_rate numeric)
RETURNS TABLE (post_id uuid, balance_before numeric, tokens_decayed numeric)
LANGUAGE sql STABLE AS $$
  SELECT p.id, held.coins, round(held.coins * p_rate, 2)
    FROM social_post p CROSS JOIN LATERAL (
      SELECT CASE WHEN p.last_token_received_at >= p_end
        THEN p.total_tokens_received - (
          SELECT coalesce(sum(t.amount), 0) FROM social_tip t
            WHERE t.post_id = p.id AND t.unliked_at IS NULL AND t.created_at >= p_end
              AND NOT EXISTS (SELECT FROM social_uncountedtip u WHERE u.tip_id = t.id))
        ELSE p.total_tokens_received END AS coins
    ) AS held
    WHERE p.deleted_at IS NULL AND p.total_tokens_received > 0 AND p.created_at < p_end
      AND CASE WHEN p.last_token_received_at >= p_end
        THEN NOT EXISTS (
          SELECT FROM social_tip t WHERE t.post_id = p.id AND t.unliked_at IS NULL
            AND t.created_at >= p_end - interval '7 days' AND t.created_at < p_end)
        ELSE coalesce(p.last_token_received_at, p.created_at) < p_end - interval '7 days' END
      AND round(held.coins * p_rate, 2) > 0
$$;

-- One chunk of a run: the p_chunk posts behind p_after that have a standing; the last of them, or nothing when there are no
-- more. Walked in the order of their ids, so that each post is looked at once per run, however many there are.
CREATE FUNCTION social_decay_chunk(
  p_run uuid, p_end timestamptz, p_at timestamptz, p_rate numeric, p_after uuid, p_chunk integer, OUT last_id uuid,
  OUT decayed integer
) LANGUAGE plpgsql AS $$
DECLARE
  v_posts uuid[];
BEGIN
  decayed := 0;
  -- A run that another one has finished stays as it is, with the totals that were written.
  PERFORM 1 FROM social_decayrun r WHERE r.id = p_run AND r.finished_at IS NULL FOR SHARE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  SELECT array_agg(next.id ORDER BY next.id) INTO v_posts
    FROM (
      SELECT p.id FROM social_post p
        WHERE p.id > p_after AND p.deleted_at IS NULL AND p.total_tokens_received > 0 ORDER BY p.id LIMIT p_chunk
    ) AS next;
  IF v_posts IS NULL THEN
    RETURN;
  END IF;
  last_id := v_posts[cardinality(v_posts)];
  SELECT array_agg(d.post_id) INTO v_posts
    FROM social_decaying(p_end, p_rate) AS d
    WHERE d.post_id = ANY (v_posts)
      AND NOT EXISTS (SELECT FROM social_decayevent e WHERE e.run_id = p_run AND e.post_id = d.post_id);
  -- In a second run of the same week the posts are waited for here, and then their events are found.
  PERFORM 1 FROM social_post p WHERE p.id = ANY (v_posts) ORDER BY p.id FOR NO KEY UPDATE;
  WITH lost AS (
    INSERT INTO social_decayevent (id, created_at, run_id, post_id, balance_before, decay_rate, tokens_decayed, balance_after)
      SELECT civitas_uuid7(p_at), p_at, p_run, d.post_id, d.balance_before, p_rate, d.tokens_decayed,
          d.balance_before - d.tokens_decayed
        FROM social_decaying(p_end, p_rate) AS d WHERE d.post_id = ANY (v_posts)
      ON CONFLICT (run_id, post_id) DO NOTHING
      RETURNING social_decayevent.post_id, social_decayevent.tokens_decayed
  ), fallen AS (
    UPDATE social_post p SET
        total_tokens_received = p.total_tokens_received - lost.tokens_decayed,
        tokens_lost_to_decay = p.tokens_lost_to_decay + lost.tokens_decayed,
        decay_rate = p_rate,
        last_decay_applied_at = p_at,
        visibility_score = social_visibility(
          p.total_tokens_received - lost.tokens_decayed, p.comments_count, greatest(p.created_at, p.last_boosted_at))
      FROM lost WHERE p.id = lost.post_id
      RETURNING 1
  )
  SELECT count(*) INTO decayed FROM fallen;
END
$$;

-- Closes a run, once, with the totals of its events. Chunks under way hold the run and are waited for.
CREATE FUNCTION social_finish_decay(p_run uuid, p_at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM social_decayrun r WHERE r.id = p_run FOR UPDATE;
  UPDATE social_decayrun r SET finished_at = p_at, posts = all_of.posts, total_decayed = all_of.coins
    FROM (
      SELECT count(*) AS posts, coalesce(sum(e.tokens_decayed), 0) AS coins FROM social_decayevent e WHERE e.run_id = p_run
    ) AS all_of
    WHERE r.id = p_run AND r.finished_at IS NULL;
END
$$;

-- For people with SQL: the hot feed as the site shows it --------------------------------------------------------------

CREATE VIEW v_hot_feed AS
  SELECT p.id AS post_id, p.title, p.content, p.total_tokens_received, p.unique_spenders_count, p.comments_count,
      p.visibility_score, p.queue_level, p.created_at, g.id AS page_id, g.username, g.display_name, g.avatar AS avatar_url
    FROM social_post p
    JOIN accounts_page g ON g.id = p.page_id
    JOIN accounts_user u ON u.id = p.user_id
    WHERE p.deleted_at IS NULL AND p.status = 'PUBLISHED' AND p.queue_level IN (0, 1)
      AND g.is_active AND u.status IN ('ACTIVE', 'SUSPENDED')
    ORDER BY p.queue_level, p.visibility_score DESC, p.id DESC;
