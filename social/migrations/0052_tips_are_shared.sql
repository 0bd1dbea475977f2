-- Tips of posts that several have written. What each gets is decided as the tip is given (social_tipshare) and paid as it is
-- settled; a tip that is taken back or returned with its post goes back whole, because the coins wait in one piece.
--
-- The order of locks stays as 0004_feed.sql says: settlement holds the wallets of a chunk's creators and of all who share with
-- them. Shares need no lock: they are written with their tip and never change.

-- What each co-author gets of a tip that is being given, and a notice of it. Whoever may not earn at present does not share;
-- their part stays with the writer.
CREATE FUNCTION social_share_tip(p_tip social_tip) RETURNS void
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
      RETURNING user_id, coins
  LOOP
    PERFORM accounts_owe_notice(p_tip.created_at, v_share.user_id, 'tip', p_tip.spender_page_id, 'post', p_tip.post_id,
      v_share.coins, '{}');
  END LOOP;
END
$$;

-- What is earned by tips when they are settled: by the writer what the shares leave, by each co-author their share.
CREATE FUNCTION social_earned(p_tips uuid[]) RETURNS TABLE (tip uuid, member uuid, page uuid, coins numeric)
LANGUAGE sql STABLE AS $$
  SELECT t.id, t.recipient_id, t.recipient_page_id,
      t.to_creator - coalesce((SELECT sum(s.coins) FROM social_tipshare s WHERE s.tip_id = t.id), 0)
    FROM social_tip t WHERE t.id = ANY (p_tips)
  UNION ALL
  SELECT t.id, s.user_id, c.page_id, s.coins
    FROM social_tipshare s JOIN social_tip t ON t.id = s.tip_id
      JOIN social_coauthor c ON c.post_id = t.post_id AND c.user_id = s.user_id
    WHERE s.tip_id = ANY (p_tips)
$$;

-- Gives a tip: spender → content whose writer has not been erased. The tip has the id of its transfer, so a retry with the
-- same key finds both. is_counted is false when the post was tipped within the last second and the caller may count later:
-- those who tip it now would otherwise wait for each other's commit. What co-authors get of it is written down with it, and
-- stays so whatever is agreed later.
CREATE OR REPLACE FUNCTION social_give_tip(
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
  p_minute_most integer DEFAULT NULL,
  p_day_most integer DEFAULT NULL,
  OUT tip social_tip,
  OUT is_counted boolean
) LANGUAGE plpgsql AS $$
DECLARE
  v_spender record;
  v_made record;
  v_content record;
  v_given record;
  v_lately record;
  v_sharing uuid[];
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
  IF p_minute_most IS NOT NULL OR p_day_most IS NOT NULL THEN
    -- Up to a minute ahead, for those who began a moment later and were faster; a clock that was set back counts no further.
    SELECT count(*) AS day, min(t.created_at) AS day_began,
        count(*) FILTER (WHERE t.created_at > p_at - interval '1 minute') AS minute,
        min(t.created_at) FILTER (WHERE t.created_at > p_at - interval '1 minute') AS minute_began
      INTO v_lately FROM social_tip t
      WHERE t.spender_id = p_spender AND t.created_at > p_at - interval '1 day'
        AND t.id >= civitas_first_id(p_at - interval '1 day') AND t.id < civitas_first_id(p_at + interval '1 minute');
    IF v_lately.day >= p_day_most THEN
      PERFORM social_too_many(coalesce(v_lately.day_began, p_at) + interval '1 day' - p_at);
    ELSIF v_lately.minute >= p_minute_most THEN
      PERFORM social_too_many(coalesce(v_lately.minute_began, p_at) + interval '1 minute' - p_at);
    END IF;
  END IF;

  IF p_post IS NOT NULL THEN
    SELECT p.user_id, p.page_id, u.status, p.last_token_received_at INTO v_content
      FROM social_post p JOIN accounts_page g ON g.id = p.page_id JOIN accounts_user u ON u.id = p.user_id
      WHERE p.id = p_post AND p.deleted_at IS NULL AND p.status = 'PUBLISHED'
        AND g.is_active AND u.status IN ('ACTIVE', 'SUSPENDED', 'ERASED');
  ELSE
    SELECT c.user_id, c.page_id, u.status, NULL::timestamptz AS last_token_received_at INTO v_content
      FROM social_comment c JOIN accounts_page g ON g.id = c.page_id JOIN accounts_user u ON u.id = c.user_id
        JOIN social_post p ON p.id = c.post_id JOIN accounts_page pg ON pg.id = p.page_id
        JOIN accounts_user pu ON pu.id = p.user_id
      WHERE c.id = p_comment AND c.deleted_at IS NULL AND g.is_active AND u.status IN ('ACTIVE', 'SUSPENDED', 'ERASED')
        AND p.deleted_at IS NULL AND p.status = 'PUBLISHED' AND pg.is_active AND pu.status IN ('ACTIVE', 'SUSPENDED', 'ERASED');
  END IF;
  IF NOT FOUND THEN
    PERFORM ledger_refuse('CV404', 'not-found', '{}');
  ELSIF v_content.user_id = p_spender THEN
    PERFORM ledger_refuse('CV510', 'own-content', '{}');
  ELSIF v_content.status <> 'ACTIVE' THEN
    PERFORM ledger_refuse('CV514', 'not-tippable', '{}');
  END IF;

  IF p_post IS NOT NULL THEN
    SELECT array_agg(c.user_id) INTO v_sharing FROM social_coauthor c WHERE c.post_id = p_post AND c.answer = 'YES';
    IF p_spender = ANY (v_sharing) THEN
      PERFORM ledger_refuse('CV519', 'own-content', '{}');
    END IF;
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
  IF v_sharing IS NOT NULL THEN
    PERFORM social_share_tip(tip);
  END IF;

  IF p_may_count_later AND v_content.last_token_received_at > p_at - interval '1 second' THEN
    INSERT INTO social_uncountedtip (tip_id, is_first) VALUES (tip.id, v_given.tips = 0);
    is_counted := false;
  ELSE
    PERFORM social_count(p_post, p_comment, p_coins, (v_given.tips = 0)::integer, p_at);
  END IF;
END
$$;

-- Settles tips whose window is over, at most p_chunk of them: content → creator, co-authors, treasury, burned. How many. A
-- part of what each of them gets goes to the vault at once, in the same transaction.
CREATE OR REPLACE FUNCTION social_settle_tips(
  p_at timestamptz, p_chunk integer, p_vault_rate numeric DEFAULT 0.10, p_vault_for interval DEFAULT '30 days'
) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  v_due uuid[];
  v_wallets uuid[];
  v_transfers uuid[];
  v_earned record;
BEGIN
  -- Two jobs at once take turns, chunk by chunk, instead of settling half of each other's chunk.
  PERFORM pg_advisory_xact_lock(hashtextextended('social_settle_tips', 0));
  SELECT array_agg(due.id) INTO v_due
    FROM (
      SELECT t.id FROM social_tip t
        WHERE t.unliked_at IS NULL AND t.settled_at IS NULL AND t.can_unlike_until <= p_at
        ORDER BY t.can_unlike_until LIMIT p_chunk
    ) AS due;
  IF v_due IS NULL THEN
    RETURN 0;
  END IF;

  SELECT array_agg(w.id) INTO v_wallets FROM accounts_wallet w
    WHERE w.user_id IN (
      SELECT t.recipient_id FROM social_tip t WHERE t.id = ANY (v_due)
      UNION SELECT s.user_id FROM social_tipshare s WHERE s.tip_id = ANY (v_due));
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

  SELECT array_agg(e.tip ORDER BY e.tip, w.id) AS tips, array_agg(e.page ORDER BY e.tip, w.id) AS pages,
      array_agg(e.coins ORDER BY e.tip, w.id) AS coins, array_agg(w.id ORDER BY e.tip, w.id) AS wallets
    INTO v_earned FROM social_earned(v_due) AS e JOIN accounts_wallet w ON w.user_id = e.member;

  PERFORM ledger_move_many('TIP_SETTLEMENT', p_at, 'JOB', '', 'tip', v_transfers, v_due,
      array_agg(leg.transfer ORDER BY leg.tip, leg.part, leg.wallet),
      array_agg(leg.wallet ORDER BY leg.tip, leg.part, leg.wallet),
      array_agg(leg.fund ORDER BY leg.tip, leg.part, leg.wallet),
      array_agg(leg.amount ORDER BY leg.tip, leg.part, leg.wallet))
    FROM (
      SELECT u.tip, u.transfer, part.part, NULL::uuid AS wallet, part.fund, part.amount
        FROM unnest(v_due, v_transfers) AS u(tip, transfer)
        JOIN social_tip t ON t.id = u.tip
        CROSS JOIN LATERAL (
          VALUES (1, 'content', -t.amount), (3, 'treasury', t.to_treasury), (4, 'burned', t.burned)
        ) AS part(part, fund, amount)
      UNION ALL
      SELECT u.tip, u.transfer, 2, e.wallet, NULL, e.coins
        FROM unnest(v_earned.tips, v_earned.wallets, v_earned.coins) AS e(tip, wallet, coins)
        JOIN unnest(v_due, v_transfers) AS u(tip, transfer) ON u.tip = e.tip
    ) AS leg;

  PERFORM economy_vault(p_at, p_vault_rate, p_at + p_vault_for, array_agg(e.wallet), array_agg(u.transfer),
      array_agg('TIP_SETTLEMENT'::text), array_agg(e.coins))
    FROM unnest(v_earned.tips, v_earned.wallets, v_earned.coins) AS e(tip, wallet, coins)
    JOIN unnest(v_due, v_transfers) AS u(tip, transfer) ON u.tip = e.tip;

  UPDATE social_tip t SET settled_at = p_at WHERE t.id = ANY (v_due);

  PERFORM 1 FROM accounts_page g WHERE g.id = ANY (v_earned.pages) ORDER BY g.id FOR NO KEY UPDATE;
  UPDATE accounts_page g SET total_tokens_earned = g.total_tokens_earned + earned.coins
    FROM (
      SELECT e.page, sum(e.coins) AS coins FROM unnest(v_earned.pages, v_earned.coins) AS e(page, coins) GROUP BY e.page
    ) AS earned
    WHERE g.id = earned.page;
  RETURN cardinality(v_due);
END
$$;
