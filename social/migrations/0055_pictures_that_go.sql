-- What a removed post showed is out of sight with it: its pictures leave the post, and the job that throws pictures
-- away takes them with its next run.
CREATE FUNCTION social_let_pictures_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE social_picture SET post_id = NULL, draft_id = NULL, gone_at = now() WHERE post_id = NEW.id;
  RETURN NULL;
END
$$;

CREATE TRIGGER social_post_pictures_go AFTER UPDATE OF deleted_at ON social_post FOR EACH ROW
  WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL)
  EXECUTE FUNCTION social_let_pictures_go();
