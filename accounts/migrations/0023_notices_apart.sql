-- Whether a notification (its `data`) tells of nobody but members with whom its reader keeps apart. One that tells of more people
-- than it names does not: they are not all known. A former member has no id, and keeps apart from nobody.
CREATE FUNCTION accounts_tells_of_apart(p_reader uuid, p_data jsonb) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF coalesce((p_data->>'people')::integer, 0) = 0 OR jsonb_array_length(p_data->'who') <> (p_data->>'people')::integer THEN
    RETURN false;
  END IF;
  RETURN NOT EXISTS (
    SELECT FROM jsonb_array_elements(p_data->'who') AS one
      LEFT JOIN accounts_page g ON g.id = nullif(one->>'id', '')::uuid
      WHERE NOT EXISTS (SELECT FROM accounts_block b WHERE b.user_id = p_reader AND b.blocked_id = g.user_id)
        AND NOT EXISTS (SELECT FROM accounts_block b WHERE b.user_id = g.user_id AND b.blocked_id = p_reader)
  );
END
$$;
