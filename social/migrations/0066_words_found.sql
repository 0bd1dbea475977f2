-- What can be found: the words of posts, comments and pages, each in a row of its own that triggers keep.
--
-- A row of words is written under the lock of what it belongs to, and after everything else: nobody waits for one who has it.

-- The words of a post or comment: stems by the English rules, those of the title weigh more.
CREATE FUNCTION social_words_of(title text, content text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT setweight(to_tsvector('pg_catalog.english', coalesce(title, '')), 'A')
    || to_tsvector('pg_catalog.english', coalesce(content, ''))
$$;

-- The words of a page: names are no English, so theirs are kept as they are written.
CREATE FUNCTION social_words_of_page(username text, display_name text, bio text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT setweight(to_tsvector('pg_catalog.simple', username || ' ' || display_name), 'A')
    || to_tsvector('pg_catalog.english', bio)
$$;

-- Posts that were written can be found; one statement for all of a bulk.
CREATE FUNCTION social_posts_found() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO social_postwords (post_id, words)
    SELECT w.id, social_words_of(w.title, w.content) FROM written w
      WHERE w.deleted_at IS NULL AND w.status = 'PUBLISHED'
    ON CONFLICT (post_id) DO NOTHING;
  RETURN NULL;
END
$$;

CREATE TRIGGER social_posts_found AFTER INSERT ON social_post
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION social_posts_found();

-- A post was edited, removed, put back: by row, so that the many other updates of a post cost nothing here.
CREATE FUNCTION social_post_found() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.deleted_at IS NULL AND NEW.status = 'PUBLISHED' THEN
    INSERT INTO social_postwords (post_id, words) VALUES (NEW.id, social_words_of(NEW.title, NEW.content))
      ON CONFLICT (post_id) DO UPDATE SET words = excluded.words;
  ELSE
    DELETE FROM social_postwords WHERE post_id = NEW.id;
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER social_post_found AFTER UPDATE OF title, content, deleted_at, status ON social_post FOR EACH ROW
  WHEN ((OLD.title, OLD.content, OLD.deleted_at IS NULL, OLD.status)
    IS DISTINCT FROM (NEW.title, NEW.content, NEW.deleted_at IS NULL, NEW.status))
  EXECUTE FUNCTION social_post_found();

-- Comments that were written can be found; one statement for all of a bulk.
CREATE FUNCTION social_comments_found() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO social_commentwords (comment_id, words)
    SELECT w.id, social_words_of('', w.content) FROM written w WHERE w.deleted_at IS NULL
    ON CONFLICT (comment_id) DO NOTHING;
  RETURN NULL;
END
$$;

CREATE TRIGGER social_comments_found AFTER INSERT ON social_comment
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION social_comments_found();

-- A comment was edited, removed, put back.
CREATE FUNCTION social_comment_found() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.deleted_at IS NULL THEN
    INSERT INTO social_commentwords (comment_id, words) VALUES (NEW.id, social_words_of('', NEW.content))
      ON CONFLICT (comment_id) DO UPDATE SET words = excluded.words;
  ELSE
    DELETE FROM social_commentwords WHERE comment_id = NEW.id;
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER social_comment_found AFTER UPDATE OF content, deleted_at ON social_comment FOR EACH ROW
  WHEN ((OLD.content, OLD.deleted_at IS NULL) IS DISTINCT FROM (NEW.content, NEW.deleted_at IS NULL))
  EXECUTE FUNCTION social_comment_found();

-- Pages that were opened can be found; one statement for all of a bulk.
CREATE FUNCTION social_pages_found() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO social_pagewords (page_id, words)
    SELECT w.id, social_words_of_page(w.username, w.display_name, w.bio) FROM written w WHERE w.is_active
    ON CONFLICT (page_id) DO NOTHING;
  RETURN NULL;
END
$$;

CREATE TRIGGER social_pages_found AFTER INSERT ON accounts_page
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION social_pages_found();

-- A page was renamed, tells something else, was closed or opened again.
CREATE FUNCTION social_page_found() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.is_active THEN
    INSERT INTO social_pagewords (page_id, words)
      VALUES (NEW.id, social_words_of_page(NEW.username, NEW.display_name, NEW.bio))
      ON CONFLICT (page_id) DO UPDATE SET words = excluded.words;
  ELSE
    DELETE FROM social_pagewords WHERE page_id = NEW.id;
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER social_page_found AFTER UPDATE OF username, display_name, bio, is_active ON accounts_page FOR EACH ROW
  WHEN ((OLD.username, OLD.display_name, OLD.bio, OLD.is_active)
    IS DISTINCT FROM (NEW.username, NEW.display_name, NEW.bio, NEW.is_active))
  EXECUTE FUNCTION social_page_found();

-- The words of what was there before: of the next p_most rows after an id, and the last id that was looked at (null when
-- there are no more). Rows are shared meanwhile, so that nobody removes one between the look and the writing.
CREATE FUNCTION social_find_posts(p_after uuid, p_most integer) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
  v_ids uuid[];
BEGIN
  SELECT array_agg(r.id ORDER BY r.id) INTO v_ids
    FROM (SELECT id FROM social_post WHERE id > p_after ORDER BY id LIMIT p_most) AS r;
  INSERT INTO social_postwords (post_id, words)
    SELECT p.id, social_words_of(p.title, p.content) FROM social_post p
      WHERE p.id = ANY (v_ids) AND p.deleted_at IS NULL AND p.status = 'PUBLISHED' FOR SHARE OF p
    ON CONFLICT (post_id) DO NOTHING;
  RETURN v_ids[array_length(v_ids, 1)];
END
$$;

-- The same for comments.
CREATE FUNCTION social_find_comments(p_after uuid, p_most integer) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
  v_ids uuid[];
BEGIN
  SELECT array_agg(r.id ORDER BY r.id) INTO v_ids
    FROM (SELECT id FROM social_comment WHERE id > p_after ORDER BY id LIMIT p_most) AS r;
  INSERT INTO social_commentwords (comment_id, words)
    SELECT c.id, social_words_of('', c.content) FROM social_comment c
      WHERE c.id = ANY (v_ids) AND c.deleted_at IS NULL FOR SHARE OF c
    ON CONFLICT (comment_id) DO NOTHING;
  RETURN v_ids[array_length(v_ids, 1)];
END
$$;

-- The same for pages.
CREATE FUNCTION social_find_pages(p_after uuid, p_most integer) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
  v_ids uuid[];
BEGIN
  SELECT array_agg(r.id ORDER BY r.id) INTO v_ids
    FROM (SELECT id FROM accounts_page WHERE id > p_after ORDER BY id LIMIT p_most) AS r;
  INSERT INTO social_pagewords (page_id, words)
    SELECT g.id, social_words_of_page(g.username, g.display_name, g.bio) FROM accounts_page g
      WHERE g.id = ANY (v_ids) AND g.is_active FOR SHARE OF g
    ON CONFLICT (page_id) DO NOTHING;
  RETURN v_ids[array_length(v_ids, 1)];
END
$$;
