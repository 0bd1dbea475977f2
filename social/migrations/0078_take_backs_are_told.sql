-- A tip that goes back is owed once more, below zero and with the moment when it was given: the notice that tells of it tells of
-- so much less, to the writer and to those who share. It goes back with what is removed as well; of that nothing is told at all.
CREATE FUNCTION social_tell_of_take_back() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  v_share record;
  v_given jsonb := jsonb_build_object('given_at', NEW.created_at);
BEGIN
  PERFORM accounts_owe_notice(NEW.unliked_at, NEW.recipient_id, 'tip', NEW.spender_page_id,
    CASE WHEN NEW.post_id IS NULL THEN 'comment' ELSE 'post' END, coalesce(NEW.post_id, NEW.comment_id), -NEW.amount,
    v_given);
  FOR v_share IN SELECT s.user_id, s.coins FROM social_tipshare s WHERE s.tip_id = NEW.id LOOP
    PERFORM accounts_owe_notice(NEW.unliked_at, v_share.user_id, 'tip', NEW.spender_page_id, 'post', NEW.post_id,
      -v_share.coins, v_given);
  END LOOP;
  RETURN NULL;
END
$$;

CREATE TRIGGER social_take_back_told AFTER UPDATE OF unliked_at ON social_tip
  FOR EACH ROW WHEN (OLD.unliked_at IS NULL AND NEW.unliked_at IS NOT NULL) EXECUTE FUNCTION social_tell_of_take_back();
