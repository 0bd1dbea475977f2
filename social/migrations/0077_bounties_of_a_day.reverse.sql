DROP FUNCTION social_award_bounty(timestamptz, uuid, uuid, uuid, numeric, text);
DROP FUNCTION social_offer_bounty(timestamptz, uuid, uuid, numeric, timestamptz, integer, text);

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
