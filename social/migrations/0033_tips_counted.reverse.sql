DROP PROCEDURE social_tip_alone;
DROP FUNCTION social_give_tip;
DROP FUNCTION social_too_many(interval);

-- Gives a tip: spender → content whose writer has not been erased. The tip has the id of its transfer, so a retry with the
-- same key finds both. is_counted is false when the post was tipped within the last second and the caller may count later:
-- those who tip it now would otherwise wait for each other's commit.
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
