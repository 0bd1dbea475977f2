-- Text as it is searched: one form of each letter (NFKC), nothing that cannot be seen, no "<" and ">" (the parser would take what
-- is between them for markup), and blanks around the letters of scripts that set none, so that a part of a run of them can
-- be found. `searchable` in social/search/rules.py says the same of what is looked for; a test holds the two together.
CREATE FUNCTION social_searchable(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN octet_length(words) = char_length(words) THEN translate(words, '<>', '  ')
    ELSE regexp_replace(
      regexp_replace(translate(normalize(words, NFKC), '<>', '  '),
        '[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]', '', 'g'),
      '([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f])', ' \1 ', 'g')
  END
$$;

-- The words of a post or comment: stems by the English rules, those of the title weigh more.
CREATE OR REPLACE FUNCTION social_words_of(title text, content text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT setweight(to_tsvector('pg_catalog.english', social_searchable(coalesce(title, ''))), 'A')
    || to_tsvector('pg_catalog.english', social_searchable(coalesce(content, '')))
$$;

-- The words of a page: names are no English, so theirs are kept as they are written.
CREATE OR REPLACE FUNCTION social_words_of_page(username text, display_name text, bio text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT setweight(to_tsvector('pg_catalog.simple', username || ' ' || social_searchable(display_name)), 'A')
    || to_tsvector('pg_catalog.english', social_searchable(bio))
$$;
