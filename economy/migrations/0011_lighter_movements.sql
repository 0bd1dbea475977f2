-- What belongs to coins that go from member to member, in the statement that moves them: nothing passes between two of whom
-- one has blocked the other, and whoever gets them is owed a notice from the giver's first page.
CREATE FUNCTION economy_told(
  p_at timestamptz, p_receiver uuid, p_type text, p_coins numeric, p_data jsonb, p_giver uuid
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_page uuid;
BEGIN
  IF EXISTS (SELECT FROM accounts_block b WHERE b.user_id = p_giver AND b.blocked_id = p_receiver)
    OR EXISTS (SELECT FROM accounts_block b WHERE b.user_id = p_receiver AND b.blocked_id = p_giver) THEN
    PERFORM ledger_refuse('CV403', 'blocked', '{}');
  END IF;
  SELECT g.id INTO v_page FROM accounts_page g WHERE g.user_id = p_giver AND g.is_primary;
  PERFORM accounts_owe_notice(p_at, p_receiver, p_type, v_page, 'page', v_page, p_coins, p_data);
END
$$;
COMMENT ON FUNCTION economy_told(timestamptz, uuid, text, numeric, jsonb, uuid) IS
  'Refuses coins between members of whom one has blocked the other, and owes the receiver a notice of them.';
