-- Bounties: coins of a post's author that wait in the content fund for the best answer. Each leaves it once and whole.
--
-- Locks in the order of 0004_feed.sql, where a bounty stands behind tips and uncounted tips: target (advisory) → wallets by id →
-- bounties by id → posts by id → pages by id. Whoever writes a post with a bounty holds their wallet before the post is written.

-- Promises coins with a new post, in the transaction that writes it: author → content. The bounty has the id of its transfer.
CREATE FUNCTION social_offer_bounty(
  p_at timestamptz, p_author uuid, p_post uuid, p_coins numeric, p_ends timestamptz, p_channel text
) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
  v_wallet uuid;
  v_made record;
BEGIN
  SELECT w.id INTO STRICT v_wallet FROM accounts_wallet w WHERE w.user_id = p_author;
  SELECT * INTO v_made FROM ledger_move('BOUNTY', p_at, ARRAY[v_wallet], ARRAY[-p_coins], ARRAY['content'], ARRAY[p_coins],
    p_author, NULL, p_channel, '', 'post', p_post, '{}', NULL, NULL, NULL);
  INSERT INTO social_bounty (id, created_at, updated_at, post_id, user_id, amount, ends_at, transfer_id)
    VALUES (v_made.transfer_id, p_at, p_at, p_post, p_author, p_coins, p_ends, v_made.transfer_id);
  RETURN v_made.transfer_id;
END
$$;
COMMENT ON FUNCTION social_offer_bounty(timestamptz, uuid, uuid, numeric, timestamptz, text) IS
  'Promises coins of a new post''s author to the best answer; the id of the bounty and of its transfer.';

-- Has the cards of posts show what became of their bounties. Locks the posts.
CREATE FUNCTION social_show_bounties(p_bounties uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM social_post s WHERE s.id IN (SELECT b.post_id FROM social_bounty b WHERE b.id = ANY (p_bounties))
    ORDER BY s.id FOR NO KEY UPDATE;
  UPDATE social_post s SET carries = jsonb_set(s.carries, '{bounty}', s.carries -> 'bounty' || jsonb_build_object(
      'state', CASE WHEN b.awarded_at IS NOT NULL THEN 'awarded' WHEN b.returned_at IS NOT NULL THEN 'returned' ELSE 'open' END,
      'comment', b.comment_id))
    FROM social_bounty b WHERE b.id = ANY (p_bounties) AND s.id = b.post_id AND s.carries ? 'bounty';
END
$$;
COMMENT ON FUNCTION social_show_bounties(uuid[]) IS 'Puts the state of bounties on the cards of their posts.';

-- Pays a bounty for the answer that the post's author has chosen: content → writer of the answer. Choosing the same one again
-- finds what was done.
CREATE FUNCTION social_award_bounty(p_at timestamptz, p_author uuid, p_post uuid, p_comment uuid, p_channel text)
RETURNS social_bounty LANGUAGE plpgsql AS $$
DECLARE
  v_answer record;
  v_bounty social_bounty;
  v_made record;
BEGIN
  -- Neither the post nor the answer is removed meanwhile.
  PERFORM social_keep_target(p_post);
  PERFORM social_keep_target(p_comment);
  SELECT c.user_id, c.page_id, u.status, w.id AS wallet INTO v_answer
    FROM social_comment c JOIN accounts_page g ON g.id = c.page_id JOIN accounts_user u ON u.id = c.user_id
      JOIN accounts_wallet w ON w.user_id = c.user_id
    WHERE c.id = p_comment AND c.post_id = p_post AND c.deleted_at IS NULL AND g.is_active
      AND u.status IN ('ACTIVE', 'SUSPENDED', 'ERASED');
  IF NOT FOUND THEN
    PERFORM ledger_refuse('CV404', 'not-found', '{}');
  END IF;
  PERFORM ledger_lock_wallets(ARRAY[v_answer.wallet]);
  -- The job that returns it, or a second click, may have been faster: whoever comes second waits here and reads what became of it.
  SELECT b.* INTO v_bounty FROM social_bounty b JOIN social_post p ON p.id = b.post_id JOIN accounts_page g ON g.id = p.page_id
    WHERE b.post_id = p_post AND p.user_id = p_author AND p.deleted_at IS NULL AND p.status = 'PUBLISHED' AND g.is_active
    FOR NO KEY UPDATE OF b;
  IF NOT FOUND THEN
    PERFORM ledger_refuse('CV404', 'not-found', '{}');
  ELSIF v_bounty.comment_id = p_comment THEN
    RETURN v_bounty;
  ELSIF v_bounty.resolved_by IS NOT NULL THEN
    PERFORM ledger_refuse('CV532', 'bounty-resolved', '{}');
  ELSIF p_at >= v_bounty.ends_at THEN
    PERFORM ledger_refuse('CV533', 'bounty-over', '{}');
  ELSIF v_answer.user_id = p_author THEN
    PERFORM ledger_refuse('CV531', 'own-answer', '{}');
  ELSIF v_answer.status <> 'ACTIVE' THEN
    PERFORM ledger_refuse('CV534', 'not-payable', '{}');
  ELSIF EXISTS (SELECT FROM accounts_block k WHERE k.user_id = p_author AND k.blocked_id = v_answer.user_id)
    OR EXISTS (SELECT FROM accounts_block k WHERE k.user_id = v_answer.user_id AND k.blocked_id = p_author) THEN
    PERFORM ledger_refuse('CV403', 'blocked', '{}');
  END IF;

  SELECT * INTO v_made FROM ledger_move('BOUNTY_AWARD', p_at, ARRAY[v_answer.wallet], ARRAY[v_bounty.amount], ARRAY['content'],
    ARRAY[-v_bounty.amount], p_author, NULL, p_channel, '', 'comment', p_comment, '{}', NULL, NULL, NULL);
  UPDATE social_bounty b SET comment_id = p_comment, awarded_at = p_at, resolved_by = v_made.transfer_id
    WHERE b.id = v_bounty.id RETURNING b.* INTO v_bounty;
  PERFORM social_show_bounties(ARRAY[v_bounty.id]);
  UPDATE accounts_page g SET total_tokens_earned = g.total_tokens_earned + v_bounty.amount WHERE g.id = v_answer.page_id;
  PERFORM accounts_owe_notice(p_at, v_answer.user_id, 'bounty', p.page_id, 'comment', p_comment, v_bounty.amount, '{}')
    FROM social_post p WHERE p.id = p_post;
  RETURN v_bounty;
END
$$;
COMMENT ON FUNCTION social_award_bounty(timestamptz, uuid, uuid, uuid, text) IS
  'Pays the bounty of a post for the answer that its author has chosen, once, and owes the writer of the answer a notice.';

-- Gives bounties that are still open back: content → those who put them in. Those given back. The caller shows it on their cards,
-- when it has locked whatever comes before posts.
CREATE FUNCTION social_give_bounties_back(p_at timestamptz, p_bounties uuid[], p_channel text) RETURNS uuid[]
LANGUAGE plpgsql AS $$
DECLARE
  v_open uuid[];
  v_transfers uuid[];
BEGIN
  PERFORM ledger_lock_wallets(array_agg(w.id)) FROM social_bounty b JOIN accounts_wallet w ON w.user_id = b.user_id
    WHERE b.id = ANY (p_bounties);
  -- Some may have been paid before their wallets were ours.
  SELECT array_agg(mine.id ORDER BY mine.id), array_agg(civitas_uuid7(p_at) ORDER BY mine.id) INTO v_open, v_transfers
    FROM (
      SELECT b.id FROM social_bounty b WHERE b.id = ANY (p_bounties) AND b.resolved_by IS NULL
        ORDER BY b.id FOR NO KEY UPDATE
    ) AS mine;
  IF v_open IS NULL THEN
    RETURN '{}';
  END IF;

  PERFORM ledger_move_many('BOUNTY_RETURN', p_at, p_channel, '', 'post', v_transfers, array_agg(b.post_id ORDER BY b.id),
      array_agg(u.transfer ORDER BY b.id) || array_agg(u.transfer ORDER BY b.id),
      array_agg(NULL::uuid ORDER BY b.id) || array_agg(w.id ORDER BY b.id),
      array_agg('content'::text ORDER BY b.id) || array_agg(NULL::text ORDER BY b.id),
      array_agg(-b.amount ORDER BY b.id) || array_agg(b.amount ORDER BY b.id))
    FROM unnest(v_open, v_transfers) AS u(bounty, transfer)
    JOIN social_bounty b ON b.id = u.bounty
    JOIN accounts_wallet w ON w.user_id = b.user_id;
  UPDATE social_bounty b SET returned_at = p_at, resolved_by = u.transfer
    FROM unnest(v_open, v_transfers) AS u(bounty, transfer) WHERE b.id = u.bounty;
  RETURN v_open;
END
$$;
COMMENT ON FUNCTION social_give_bounties_back(timestamptz, uuid[], text) IS
  'Gives open bounties back to those who put them in; the ones that were given back.';

-- Gives back bounties whose time is over, at most p_most, or those of one member who leaves; how many. Whoever waited in vain for
-- an answer to choose is owed a notice.
CREATE FUNCTION social_return_bounties(p_at timestamptz, p_most integer, p_leaving uuid DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  v_back uuid[];
BEGIN
  -- Two jobs at once take turns, chunk by chunk, instead of returning half of each other's chunk.
  PERFORM pg_advisory_xact_lock(hashtextextended('social_return_bounties', 0));
  SELECT social_give_bounties_back(p_at, array_agg(due.id), 'JOB') INTO v_back
    FROM (
      SELECT b.id FROM social_bounty b
        WHERE b.awarded_at IS NULL AND b.returned_at IS NULL
          AND CASE WHEN p_leaving IS NULL THEN b.ends_at <= p_at ELSE b.user_id = p_leaving END
        ORDER BY b.ends_at LIMIT p_most
    ) AS due;
  PERFORM social_show_bounties(v_back);
  IF p_leaving IS NULL AND v_back <> '{}' THEN
    PERFORM accounts_owe_notices(p_at, array_agg(b.user_id ORDER BY b.id), 'bounty-back', array_agg(b.amount ORDER BY b.id), '{}')
      FROM social_bounty b WHERE b.id = ANY (v_back);
  END IF;
  RETURN cardinality(v_back);
END
$$;
COMMENT ON FUNCTION social_return_bounties(timestamptz, integer, uuid) IS
  'Gives back bounties whose time is over, or all of a member who leaves; how many.';

-- Removes a post or a comment (social_remove) and owes those whose tips went back a notice of the coins. How many went back. The
-- open bounty of a post goes back first.
CREATE OR REPLACE FUNCTION social_remove_and_tell(
  p_at timestamptz, p_remover uuid, p_is_moderator boolean, p_post uuid, p_comment uuid, p_channel text
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  v_back integer;
  v_bounties uuid[] := '{}';
BEGIN
  IF EXISTS (SELECT FROM social_bounty b WHERE b.post_id = p_post AND b.resolved_by IS NULL) THEN
    PERFORM social_hold_target(p_post);
    -- All wallets of the removal at once and in order: those of the tips as well, which it locks for itself later.
    PERFORM ledger_lock_wallets(array_agg(w.id)) FROM accounts_wallet w
      WHERE w.user_id IN (
        SELECT b.user_id FROM social_bounty b WHERE b.post_id = p_post
        UNION ALL
        SELECT t.spender_id FROM social_tip t WHERE t.post_id = p_post AND t.unliked_at IS NULL AND t.settled_at IS NULL
      );
    v_bounties := social_give_bounties_back(p_at, ARRAY(SELECT b.id FROM social_bounty b WHERE b.post_id = p_post), p_channel);
  END IF;
  v_back := social_remove(p_at, p_remover, p_is_moderator, p_post, p_comment, p_channel);
  IF v_bounties <> '{}' THEN
    PERFORM social_show_bounties(v_bounties);
    PERFORM accounts_owe_notices(p_at, ARRAY[b.user_id], 'bounty-back', ARRAY[b.amount], '{"is_removed": true}')
      FROM social_bounty b WHERE b.id = ANY (v_bounties);
  END IF;
  IF v_back > 0 THEN
    PERFORM accounts_owe_notices(p_at, array_agg(back.member), 'refund', array_agg(back.coins), '{}')
      FROM (
        SELECT t.spender_id AS member, sum(t.amount) AS coins FROM social_tip t
          WHERE (t.post_id = p_post OR t.comment_id = p_comment) AND t.unliked_at = p_at
          GROUP BY t.spender_id
      ) AS back;
  END IF;
  RETURN v_back;
END
$$;
COMMENT ON FUNCTION social_remove_and_tell(timestamptz, uuid, boolean, uuid, uuid, text) IS
  'Removes a post or a comment; its open tips and its open bounty go back, and their members are owed a notice.';
