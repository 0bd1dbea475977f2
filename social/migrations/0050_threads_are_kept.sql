-- An answer belongs to the thread of what it answers. The operation says so itself; this is for whoever does not, such as
-- the release that runs while this one comes.
CREATE FUNCTION social_comment_rooted() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  SELECT coalesce(p.root_id, p.id) INTO NEW.root_id FROM social_comment p WHERE p.id = NEW.parent_id;
  RETURN NEW;
END
$$;

CREATE TRIGGER social_comment_rooted BEFORE INSERT ON social_comment FOR EACH ROW
  WHEN (NEW.parent_id IS NOT NULL AND NEW.root_id IS NULL) EXECUTE FUNCTION social_comment_rooted();
