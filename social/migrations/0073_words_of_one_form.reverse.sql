CREATE OR REPLACE FUNCTION social_words_of(title text, content text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT setweight(to_tsvector('pg_catalog.english', coalesce(title, '')), 'A')
    || to_tsvector('pg_catalog.english', coalesce(content, ''))
$$;

CREATE OR REPLACE FUNCTION social_words_of_page(username text, display_name text, bio text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT setweight(to_tsvector('pg_catalog.simple', username || ' ' || display_name), 'A')
    || to_tsvector('pg_catalog.english', bio)
$$;

DROP FUNCTION social_searchable(text);
