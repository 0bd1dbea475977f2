-- Who changed what. Triggers on the watched tables write a row per change; nobody edits those rows, psql included.

-- Refuses to change or delete a row of the audit, whoever asks, the owner of the database included (SQLSTATE CV003).
CREATE FUNCTION audit_append_only() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused: the audit is append-only.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'CV003';
END
$$;

-- TRUNCATE goes past row triggers. Only a database that says it is one of the tests may be emptied.
CREATE FUNCTION audit_no_truncate() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('civitas.is_for_tests', true) IS DISTINCT FROM 'yes' THEN
    RAISE EXCEPTION 'TRUNCATE of % is refused: the audit is append-only.', TG_TABLE_NAME USING ERRCODE = 'CV003';
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON accounts_auditlog
  FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON accounts_auditlog
  FOR EACH STATEMENT EXECUTE FUNCTION audit_no_truncate();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON accounts_adminaction
  FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON accounts_adminaction
  FOR EACH STATEMENT EXECUTE FUNCTION audit_no_truncate();

-- The same for a month that is named itself (config: civitas_make_month calls it).
CREATE FUNCTION accounts_auditlog_guard_month(month text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON %I '
    'FOR EACH STATEMENT EXECUTE FUNCTION audit_no_truncate()', month);
END
$$;

SELECT accounts_auditlog_guard_month('accounts_auditlog_default');

-- What of a column is kept: a secret only as the fact that it changed, a personal one by its ends, others as they are.
CREATE FUNCTION audit_shown(value jsonb, is_masked boolean, is_secret boolean) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN value IS NULL OR value = 'null' OR value = '""' THEN value
    WHEN is_secret THEN '"(kept secret)"'::jsonb
    WHEN is_masked THEN to_jsonb(left(value #>> '{}', 3) || '…' || right(value #>> '{}', 2))
    ELSE value
  END
$$;

-- Arguments: key column, watched columns, masked ones among them, secret ones among them (each a list with commas). Who
-- acts stands in the transaction's setting civitas.acting as {account, page, address, agent, reason}.
CREATE FUNCTION audit_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  v_before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  v_after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  v_masked text[] := string_to_array(TG_ARGV[2], ',');
  v_secret text[] := string_to_array(TG_ARGV[3], ',');
  v_acting jsonb := coalesce(nullif(current_setting('civitas.acting', true), ''), '{}')::jsonb;
  v_old jsonb;
  v_new jsonb;
BEGIN
  SELECT
      jsonb_object_agg(c.name, audit_shown(v_before -> c.name, c.name = ANY (v_masked), c.name = ANY (v_secret))),
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

-- That members join is told by the tables themselves; that their standing changes is told here.
CREATE TRIGGER audit_changed AFTER DELETE OR UPDATE OF role, status, status_reason, status_until, phone_number, email,
    email_verified, password, two_factor_secret, two_factor_confirmed_at, coins_held_until, erased_after, erased_at
  ON accounts_user FOR EACH ROW EXECUTE FUNCTION audit_changed('id',
    'role,status,status_reason,status_until,phone_number,email,email_verified,password,two_factor_secret,two_factor_confirmed_at,coins_held_until,erased_after,erased_at',
    'phone_number,email', 'password,two_factor_secret');
CREATE TRIGGER audit_changed AFTER DELETE OR UPDATE OF username, display_name, bio, avatar, is_primary, is_active
  ON accounts_page FOR EACH ROW EXECUTE FUNCTION audit_changed('id',
    'username,display_name,bio,avatar,is_primary,is_active', '', '');
CREATE TRIGGER audit_changed AFTER DELETE OR UPDATE OF loyalty_tier, withdrawal_fee
  ON accounts_wallet FOR EACH ROW EXECUTE FUNCTION audit_changed('id', 'loyalty_tier,withdrawal_fee', '', '');
CREATE TRIGGER audit_changed AFTER INSERT OR DELETE OR UPDATE OF user_id, address, network, is_primary, is_verified
  ON accounts_walletaddress FOR EACH ROW EXECUTE FUNCTION audit_changed('id',
    'user_id,address,network,is_primary,is_verified', '', '');
CREATE TRIGGER audit_changed AFTER INSERT OR DELETE OR UPDATE OF inviter_id, uses_most, gift, expires_at, revoked_at
  ON accounts_invitation FOR EACH ROW EXECUTE FUNCTION audit_changed('id',
    'inviter_id,uses_most,gift,expires_at,revoked_at', '', '');
CREATE TRIGGER audit_changed AFTER INSERT OR DELETE OR UPDATE OF key, value
  ON constance_constance FOR EACH ROW EXECUTE FUNCTION audit_changed('key', 'key,value', '', '');

-- Months around now; a job makes the later ones ahead.
SELECT civitas_make_month(t.name, m.first AT TIME ZONE 'UTC', (m.first + interval '1 month') AT TIME ZONE 'UTC')
  FROM (VALUES ('accounts_auditlog'), ('accounts_notification')) AS t(name),
    generate_series(date_trunc('month', now() AT TIME ZONE 'UTC') - interval '1 month',
      date_trunc('month', now() AT TIME ZONE 'UTC') + interval '3 months', interval '1 month') AS m(first);
