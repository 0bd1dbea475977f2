-- No tip passes between two members of whom one has blocked the other, whichever page it is from or for. Here and not
-- before the call: a tip is one round trip, and this look at an index is part of it.
CREATE FUNCTION social_refuse_apart() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM accounts_block b WHERE b.user_id = NEW.spender_id AND b.blocked_id = NEW.recipient_id)
    OR EXISTS (SELECT FROM accounts_block b WHERE b.user_id = NEW.recipient_id AND b.blocked_id = NEW.spender_id) THEN
    PERFORM ledger_refuse('CV403', 'blocked', '{}');
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER social_tip_apart BEFORE INSERT ON social_tip
  FOR EACH ROW EXECUTE FUNCTION social_refuse_apart();
