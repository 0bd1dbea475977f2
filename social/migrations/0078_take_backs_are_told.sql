-- Whoever hears of a tip and of what was taken back hears of nothing: what is owed goes with it, for the writer and for those
-- who share. Removed posts and comments need no such notice, because nothing is told of them.
CREATE FUNCTION social_tell_of_take_back() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  v_share record;
BEGIN
  PERFORM accounts_owe_notice(NEW.unliked_at, NEW.recipient_id, 'tip', NEW.spender_page_id,
    CASE WHEN NEW.post_id IS NULL THEN 'comment' ELSE 'post' END, coalesce(NEW.post_id, NEW.comment_id), -NEW.amount, '{}');
  FOR v_share IN SELECT s.user_id, s.coins FROM social_tipshare s WHERE s.tip_id = NEW.id LOOP
    PERFORM accounts_owe_notice(NEW.unliked_at, v_share.user_id, 'tip', NEW.spender_page_id, 'post', NEW.post_id,
      -v_share.coins, '{}');
  END LOOP;
  RETURN NULL;
END
$$;

CREATE TRIGGER social_take_back_told AFTER UPDATE OF unliked_at ON social_tip
  FOR EACH ROW WHEN (OLD.unliked_at IS NULL AND NEW.unliked_at IS NOT NULL) EXECUTE FUNCTION social_tell_of_take_back();
