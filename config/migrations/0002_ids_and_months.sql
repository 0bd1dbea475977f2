-- Ids as the application makes them (config/lib/ids.py), for rows that SQL makes itself.

-- A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then random bits. A version 4 id lends the randomness; bits 52
-- and 53 turn its version into 7.
CREATE FUNCTION civitas_uuid7(at timestamptz) RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  SELECT encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send(floor(extract(epoch FROM at) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
      52, 1), 53, 1), 'hex')::uuid
$$;

-- A new id of the same millisecond as another one, so that both fall into the same month.
CREATE FUNCTION civitas_uuid7_beside(other uuid) RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  SELECT encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid()) PLACING substring(uuid_send(other) FROM 1 FOR 6) FROM 1 FOR 6),
      52, 1), 53, 1), 'hex')::uuid
$$;

-- The lowest id that a row of a moment or later can have.
CREATE FUNCTION civitas_first_id(at timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT encode(
    substring(int8send(floor(extract(epoch FROM at) * 1000)::bigint) FROM 3)
      || '\x00000000000000000000'::bytea, 'hex')::uuid
$$;

-- Make the partition of one month, if it is missing: 1 when made, else 0. It is built beside the table and attached, which
-- leaves readers and writers of the other months alone.
CREATE FUNCTION civitas_make_month(parent text, first timestamptz, following timestamptz) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  child text := parent || '_' || to_char(first AT TIME ZONE 'UTC', '"y"YYYY"m"MM');
BEGIN
  IF to_regclass(quote_ident(child)) IS NOT NULL THEN
    RETURN 0;
  END IF;
  -- Two makers at once: the second waits here and finds it made.
  PERFORM pg_advisory_xact_lock(hashtextextended('civitas_make_month', 0));
  IF to_regclass(quote_ident(child)) IS NOT NULL THEN
    RETURN 0;
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', child, parent);
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
    parent, child, civitas_first_id(first), civitas_first_id(following));
  -- A statement trigger of the parent does not see rows written to a month by its own name.
  PERFORM civitas_guard_month(child, parent);
  RETURN 1;
END
$$;

-- A partitioned table that needs statement triggers on its months has a function <table>_guard_month(month).
CREATE FUNCTION civitas_guard_month(child text, parent text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF to_regprocedure(parent || '_guard_month(text)') IS NOT NULL THEN
    EXECUTE format('SELECT %I(%L)', parent || '_guard_month', child);
  END IF;
END
$$;
