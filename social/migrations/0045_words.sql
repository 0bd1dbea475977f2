-- What words carry: hashtags with a count that triggers keep, and which comments were changed after their first minutes.

-- Files a post under hashtags, and under no others; new ones are made. Whoever calls this does it last: from here on those
-- who use the same hashtags wait, each for all of its own at once and in the order of their ids.
CREATE FUNCTION social_file_post(p_at timestamptz, p_post uuid, p_names text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_wanted uuid[];
BEGIN
  -- In the order of names, so that of two who make the same ones the second waits for the first and nobody for both.
  INSERT INTO social_hashtag (id, created_at, name)
    SELECT civitas_uuid7(p_at), p_at, n.name FROM unnest(p_names) AS n(name)
      WHERE NOT EXISTS (SELECT FROM social_hashtag h WHERE h.name = n.name) ORDER BY n.name
    ON CONFLICT (name) DO NOTHING;
  SELECT coalesce(array_agg(h.id), '{}') INTO v_wanted FROM social_hashtag h WHERE h.name = ANY (p_names);
  PERFORM 1 FROM social_hashtag h
    WHERE h.id = ANY (v_wanted) OR h.id IN (SELECT t.hashtag_id FROM social_posttag t WHERE t.post_id = p_post)
    ORDER BY h.id FOR NO KEY UPDATE;
  DELETE FROM social_posttag t WHERE t.post_id = p_post AND t.hashtag_id <> ALL (v_wanted);
  INSERT INTO social_posttag (id, created_at, post_id, hashtag_id)
    SELECT civitas_uuid7(p_at), p_at, p_post, w.id FROM unnest(v_wanted) AS w(id)
    ON CONFLICT (post_id, hashtag_id) DO NOTHING;
END
$$;

-- Adds to the counts of hashtags, locked in the order of their ids: two posts may share several.
CREATE FUNCTION social_count_filed(p_hashtags uuid[], p_steps integer[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM social_hashtag h WHERE h.id = ANY (p_hashtags) ORDER BY h.id FOR NO KEY UPDATE;
  UPDATE social_hashtag h SET posts_count = greatest(h.posts_count + n.step, 0)
    FROM (SELECT u.hashtag, sum(u.step)::integer AS step FROM unnest(p_hashtags, p_steps) AS u(hashtag, step)
      GROUP BY u.hashtag) AS n
    WHERE h.id = n.hashtag AND n.step <> 0;
END
$$;

-- Posts were filed under hashtags: those that are out and not removed count.
CREATE FUNCTION social_filed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM social_count_filed(array_agg(w.hashtag_id), array_agg(1))
    FROM written w JOIN social_post p ON p.id = w.post_id
    WHERE p.deleted_at IS NULL AND p.status = 'PUBLISHED' HAVING count(*) > 0;
  RETURN NULL;
END
$$;

CREATE TRIGGER social_filed AFTER INSERT ON social_posttag
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION social_filed();

-- Posts are filed under hashtags no longer. A post that is deleted itself is still there when its filings go.
CREATE FUNCTION social_unfiled() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM social_count_filed(array_agg(w.hashtag_id), array_agg(-1))
    FROM gone w JOIN social_post p ON p.id = w.post_id
    WHERE p.deleted_at IS NULL AND p.status = 'PUBLISHED' HAVING count(*) > 0;
  RETURN NULL;
END
$$;

CREATE TRIGGER social_unfiled AFTER DELETE ON social_posttag
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION social_unfiled();

-- A post was removed, put back, published or withdrawn.
CREATE FUNCTION social_filed_shown() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  v_step integer := CASE WHEN NEW.deleted_at IS NULL AND NEW.status = 'PUBLISHED' THEN 1 ELSE -1 END;
BEGIN
  PERFORM social_count_filed(array_agg(t.hashtag_id), array_agg(v_step))
    FROM social_posttag t WHERE t.post_id = NEW.id HAVING count(*) > 0;
  RETURN NULL;
END
$$;

CREATE TRIGGER social_filed_shown AFTER UPDATE OF deleted_at, status ON social_post FOR EACH ROW
  WHEN ((OLD.deleted_at IS NULL AND OLD.status = 'PUBLISHED') <> (NEW.deleted_at IS NULL AND NEW.status = 'PUBLISHED'))
  EXECUTE FUNCTION social_filed_shown();

-- Until now every change of a comment was marked.
UPDATE social_comment SET is_edited = true WHERE edited_at IS NOT NULL AND NOT is_edited;
