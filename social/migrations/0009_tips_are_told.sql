-- Whoever is tipped is to hear of it: owed with the tip, in its transaction and its round trip.
CREATE FUNCTION social_tell_of_tip() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM accounts_owe_notice(NEW.created_at, NEW.recipient_id, 'tip', NEW.spender_page_id,
    CASE WHEN NEW.post_id IS NULL THEN 'comment' ELSE 'post' END, coalesce(NEW.post_id, NEW.comment_id), NEW.amount, '{}');
  RETURN NULL;
END
$$;

CREATE TRIGGER social_tip_told AFTER INSERT ON social_tip
  FOR EACH ROW EXECUTE FUNCTION social_tell_of_tip();
