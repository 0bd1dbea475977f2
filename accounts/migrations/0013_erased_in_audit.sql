-- When a member is erased, the audit keeps that names and number went, and not which: the values before are a secret then.

-- Writes the row of the audit for a change of a watched table: the watched columns that differ, before and after, and who
-- acts. Arguments: key column, watched columns, masked ones among them, secret ones among them (each a list with commas).
CREATE OR REPLACE FUNCTION audit_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  v_before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  v_after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  v_masked text[] := string_to_array(TG_ARGV[2], ',');
  v_secret text[] := string_to_array(TG_ARGV[3], ',');
  v_acting jsonb := coalesce(nullif(current_setting('civitas.acting', true), ''), '{}')::jsonb;
  v_erasing boolean := coalesce((v_acting ->> 'erasing')::boolean, false);
  v_old jsonb;
  v_new jsonb;
BEGIN
  SELECT
      jsonb_object_agg(c.name, audit_shown(v_before -> c.name, c.name = ANY (v_masked), c.name = ANY (v_secret) OR v_erasing)),
      jsonb_object_agg(c.name, audit_shown(v_after -> c.name, c.name = ANY (v_masked), c.name = ANY (v_secret)))
    INTO v_old, v_new
    FROM unnest(string_to_array(TG_ARGV[1], ',')) AS c(name)
    WHERE TG_OP <> 'UPDATE' OR v_before -> c.name IS DISTINCT FROM v_after -> c.name;
  IF v_old IS NULL THEN
    RETURN NULL;  -- nothing that is watched has changed
  END IF;
  INSERT INTO accounts_auditlog (id, created_at, action, entity_type, entity_id, old_values, new_values, account_id, page_id,
      ip_address, user_agent, reason)
    VALUES (civitas_uuid7(clock_timestamp()), clock_timestamp(), TG_OP, TG_TABLE_NAME,
      left(coalesce(v_after, v_before) ->> TG_ARGV[0], 100),
      CASE WHEN TG_OP <> 'INSERT' THEN v_old END, CASE WHEN TG_OP <> 'DELETE' THEN v_new END,
      (v_acting ->> 'account')::uuid, (v_acting ->> 'page')::uuid, (v_acting ->> 'address')::inet,
      coalesce(left(v_acting ->> 'agent', 300), ''), coalesce(left(v_acting ->> 'reason', 300), ''));
  RETURN NULL;
END
$$;
