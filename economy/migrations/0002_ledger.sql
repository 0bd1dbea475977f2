-- The ledger. Every movement of coins passes through ledger_move (one transfer) or ledger_move_many (a chunk of them);
-- nothing else writes a wallet's balance, a transfer or a posting.
--
-- Refusals are exceptions of class CV with their facts as JSON in DETAIL; config/lib/refusals.py speaks them.

-- Append-only -----------------------------------------------------------------------------------------------------

CREATE FUNCTION economy_append_only() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused: the ledger is append-only. Mend a mistake with a new transfer that reverses it.',
    TG_OP, TG_TABLE_NAME USING ERRCODE = 'CV001';
END
$$;

CREATE TRIGGER economy_transfer_append_only BEFORE UPDATE OR DELETE ON economy_transfer
  FOR EACH ROW EXECUTE FUNCTION economy_append_only();
CREATE TRIGGER economy_posting_append_only BEFORE UPDATE OR DELETE ON economy_posting
  FOR EACH ROW EXECUTE FUNCTION economy_append_only();

-- TRUNCATE goes past row triggers. Only a database that says it is one of the tests may be emptied.
CREATE FUNCTION economy_no_truncate() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('civitas.is_for_tests', true) IS DISTINCT FROM 'yes' THEN
    RAISE EXCEPTION 'TRUNCATE of % is refused: the ledger is append-only.', TG_TABLE_NAME USING ERRCODE = 'CV001';
  END IF;
  RETURN NULL;
END
$$;

-- Sum zero --------------------------------------------------------------------------------------------------------

-- Looking at each posting at commit would cost a look-up per row. Instead each statement adds up what it wrote: transfers
-- that it leaves in balance are done with; only for the others a row is left here, whose own trigger looks again at commit.
CREATE FUNCTION economy_postings_written() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO economy_unbalancedtransfer (transfer_id)
    SELECT transfer_id FROM written GROUP BY transfer_id HAVING sum(amount) <> 0
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;

CREATE FUNCTION economy_must_balance() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  total numeric;
BEGIN
  DELETE FROM economy_unbalancedtransfer WHERE transfer_id = NEW.transfer_id;
  SELECT coalesce(sum(amount), 0) INTO total FROM economy_posting WHERE transfer_id = NEW.transfer_id;
  IF total <> 0 THEN
    RAISE EXCEPTION 'transfer % is out of balance by %', NEW.transfer_id, total USING ERRCODE = 'CV002';
  END IF;
  RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER economy_must_balance AFTER INSERT ON economy_unbalancedtransfer
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION economy_must_balance();

CREATE TRIGGER economy_posting_written AFTER INSERT ON economy_posting
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION economy_postings_written();

CREATE TRIGGER economy_posting_no_truncate BEFORE TRUNCATE ON economy_posting
  FOR EACH STATEMENT EXECUTE FUNCTION economy_no_truncate();
CREATE TRIGGER economy_transfer_no_truncate BEFORE TRUNCATE ON economy_transfer
  FOR EACH STATEMENT EXECUTE FUNCTION economy_no_truncate();

-- The same for rows that are written to a month by its own name (config: civitas_make_month calls these).
CREATE FUNCTION economy_posting_guard_month(month text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER economy_posting_written AFTER INSERT ON %I REFERENCING NEW TABLE AS written '
    'FOR EACH STATEMENT EXECUTE FUNCTION economy_postings_written()', month);
  EXECUTE format('CREATE TRIGGER economy_posting_no_truncate BEFORE TRUNCATE ON %I '
    'FOR EACH STATEMENT EXECUTE FUNCTION economy_no_truncate()', month);
END
$$;

CREATE FUNCTION economy_transfer_guard_month(month text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER economy_transfer_no_truncate BEFORE TRUNCATE ON %I '
    'FOR EACH STATEMENT EXECUTE FUNCTION economy_no_truncate()', month);
END
$$;

SELECT economy_posting_guard_month('economy_posting_default');
SELECT economy_transfer_guard_month('economy_transfer_default');

-- Totals on the wallet --------------------------------------------------------------------------------------------

-- What a movement adds to a wallet's life totals. Earned: from other members. Spent: on others, less what came back.
CREATE FUNCTION ledger_earned(kind text, amount numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN amount > 0 AND kind IN ('TIP_SETTLEMENT', 'COMMENT_FEE', 'GIFT', 'REWARD', 'SALE_SETTLEMENT',
    'TREASURY_PAYMENT') THEN amount ELSE 0 END
$$;

CREATE FUNCTION ledger_spent(kind text, amount numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN amount < 0 AND kind IN ('TIP', 'COMMENT_FEE', 'POST_FEE', 'BOOST', 'GIFT', 'PURCHASE') THEN -amount
    WHEN amount > 0 AND kind IN ('TIP_REFUND', 'PURCHASE_REFUND') THEN -amount
    ELSE 0 END
$$;

-- One movement ----------------------------------------------------------------------------------------------------

CREATE FUNCTION ledger_refuse(code text, slug text, facts jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', slug USING ERRCODE = code, DETAIL = facts::text;
END
$$;

-- Moves coins between wallets and funds as one transfer. Wallets are locked in the order of their ids by the UPDATE that
-- changes them; funds are appended to and never locked. The key comes first: a retry waits for the first attempt there,
-- holding nothing, and then finds it.
CREATE FUNCTION ledger_move(
  p_kind text,
  p_at timestamptz,
  p_wallets uuid[],
  p_wallet_amounts numeric[],
  p_funds text[],
  p_fund_amounts numeric[],
  p_actor uuid,
  p_key text,
  p_channel text,
  p_description text,
  p_reference_type text,
  p_reference_id uuid,
  p_metadata jsonb,
  p_reverses uuid,
  p_expected_version bigint,
  p_daily_most numeric,
  OUT transfer_id uuid,
  OUT is_replay boolean,
  OUT balance_after numeric
) LANGUAGE plpgsql AS $$
DECLARE
  v_digest text;
  v_known record;
  v_leg record;
  v_wallet record;
  v_ids uuid[] := '{}';
  v_amounts numeric[] := '{}';
  v_balances numeric[] := '{}';
  v_versions bigint[] := '{}';
  v_used numeric;
BEGIN
  transfer_id := civitas_uuid7(p_at);
  is_replay := false;

  IF p_key IS NOT NULL THEN
    v_digest := md5(concat_ws('|', p_kind, p_wallets, p_wallet_amounts, p_funds, p_fund_amounts, p_reference_type,
      p_reference_id, p_description));
    INSERT INTO economy_transferkey (id, created_at, owner_id, key, fingerprint, transfer_id)
      VALUES (civitas_uuid7(p_at), p_at, p_actor, p_key, v_digest, transfer_id)
      ON CONFLICT (owner_id, key) DO NOTHING;
    IF NOT FOUND THEN
      SELECT k.fingerprint, k.transfer_id INTO v_known FROM economy_transferkey k
        WHERE k.owner_id = p_actor AND k.key = p_key;
      IF v_known.fingerprint <> v_digest THEN
        PERFORM ledger_refuse('CV422', 'idempotency-key-reuse', '{}');
      END IF;
      transfer_id := v_known.transfer_id;
      is_replay := true;
      SELECT p.balance_after INTO balance_after FROM economy_posting p
        WHERE p.transfer_id = v_known.transfer_id AND p.wallet_id = p_wallets[1];
      RETURN;
    END IF;
  END IF;

  FOR v_leg IN SELECT u.wallet, u.amount FROM unnest(p_wallets, p_wallet_amounts) AS u(wallet, amount) ORDER BY u.wallet LOOP
    UPDATE accounts_wallet w SET
      balance = w.balance + v_leg.amount,
      lock_version = w.lock_version + 1,
      total_earned = w.total_earned + ledger_earned(p_kind, v_leg.amount),
      total_spent = w.total_spent + ledger_spent(p_kind, v_leg.amount),
      last_activity = p_at
    WHERE w.id = v_leg.wallet AND (v_leg.amount > 0 OR w.balance - w.locked_balance + v_leg.amount >= 0)
    RETURNING w.balance, w.lock_version INTO v_wallet;
    IF NOT FOUND THEN
      SELECT w.balance - w.locked_balance AS available INTO v_wallet FROM accounts_wallet w WHERE w.id = v_leg.wallet;
      IF NOT FOUND THEN
        PERFORM ledger_refuse('CV404', 'not-found', '{}');
      END IF;
      PERFORM ledger_refuse('CV402', 'insufficient-funds',
        jsonb_build_object('needed', (-v_leg.amount)::text, 'available', v_wallet.available::text));
    END IF;
    -- The first wallet of the call is the one whose member acts: its version is the one that was read.
    IF v_leg.wallet = p_wallets[1] THEN
      balance_after := v_wallet.balance;
      IF p_expected_version IS NOT NULL AND v_wallet.lock_version <> p_expected_version + 1 THEN
        PERFORM ledger_refuse('CV412', 'stale-version', '{}');
      END IF;
      IF p_daily_most IS NOT NULL THEN
        -- Under the wallet's lock, so that two gifts at once cannot both find room.
        SELECT coalesce(-sum(p.amount), 0) INTO v_used FROM economy_posting p
          WHERE p.wallet_id = v_leg.wallet AND p.kind = p_kind AND p.amount < 0
            AND p.id >= civitas_first_id(date_trunc('day', p_at, 'UTC'))
            AND p.id < civitas_first_id(date_trunc('day', p_at, 'UTC') + interval '1 day');
        IF v_used - v_leg.amount > p_daily_most THEN
          PERFORM ledger_refuse('CV429', 'daily-limit', jsonb_build_object(
            'most', p_daily_most::text, 'left', greatest(p_daily_most - v_used, 0)::text));
        END IF;
      END IF;
    END IF;
    v_ids := v_ids || v_leg.wallet;
    v_amounts := v_amounts || v_leg.amount;
    v_balances := v_balances || v_wallet.balance;
    v_versions := v_versions || v_wallet.lock_version;
  END LOOP;

  INSERT INTO economy_transfer (id, created_at, kind, trigger, channel, description, metadata, reference_type,
      reference_id, actor_id, reverses_id)
    VALUES (transfer_id, p_at, p_kind, lower(p_kind) || coalesce(':' || nullif(p_reference_type, ''), ''), p_channel,
      p_description, p_metadata, p_reference_type, p_reference_id, p_actor, p_reverses);

  INSERT INTO economy_posting (id, created_at, transfer_id, wallet_id, fund, kind, amount, balance_before, balance_after,
      lock_version)
    SELECT civitas_uuid7_beside(ledger_move.transfer_id), p_at, ledger_move.transfer_id, u.wallet, NULL, p_kind, u.amount,
        u.balance - u.amount, u.balance, u.version
      FROM unnest(v_ids, v_amounts, v_balances, v_versions) AS u(wallet, amount, balance, version)
    UNION ALL
    SELECT civitas_uuid7_beside(ledger_move.transfer_id), p_at, ledger_move.transfer_id, NULL, u.fund, p_kind, u.amount,
        NULL, NULL, NULL
      FROM unnest(p_funds, p_fund_amounts) AS u(fund, amount) WHERE u.amount <> 0;

  IF cardinality(p_funds) > 0 THEN
    INSERT INTO economy_fundentry (fund, amount)
      SELECT u.fund, u.amount FROM unnest(p_funds, p_fund_amounts) AS u(fund, amount) WHERE u.amount <> 0;
  END IF;
END
$$;

-- Many movements of one kind --------------------------------------------------------------------------------------

-- Moves a chunk of transfers set-based: legs in the order given chain on their wallet. Whoever pays must have been checked
-- by the caller under the wallets' locks (ledger_lock_wallets); the CHECK on wallets is the last word.
CREATE FUNCTION ledger_move_many(
  p_kind text,
  p_at timestamptz,
  p_channel text,
  p_description text,
  p_reference_type text,
  p_transfers uuid[],
  p_references uuid[],
  p_leg_transfers uuid[],
  p_leg_wallets uuid[],
  p_leg_funds text[],
  p_leg_amounts numeric[]
) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
  PERFORM ledger_lock_wallets(p_leg_wallets);

  INSERT INTO economy_transfer (id, created_at, kind, trigger, channel, description, metadata, reference_type, reference_id)
    SELECT u.id, p_at, p_kind, lower(p_kind) || coalesce(':' || nullif(p_reference_type, ''), ''), p_channel,
        p_description, '{}', p_reference_type, u.reference
      FROM unnest(p_transfers, p_references) AS u(id, reference);

  INSERT INTO economy_posting (id, created_at, transfer_id, wallet_id, fund, kind, amount, balance_before, balance_after,
      lock_version)
    SELECT civitas_uuid7_beside(leg.transfer), p_at, leg.transfer, leg.wallet, leg.fund, p_kind, leg.amount,
        w.balance + leg.upto - leg.amount, w.balance + leg.upto, w.lock_version + leg.step
      FROM (
        SELECT u.transfer, u.wallet, u.fund, u.amount,
            sum(u.amount) OVER one_wallet AS upto, row_number() OVER one_wallet AS step
          FROM unnest(p_leg_transfers, p_leg_wallets, p_leg_funds, p_leg_amounts) WITH ORDINALITY
            AS u(transfer, wallet, fund, amount, place)
          WHERE u.amount <> 0
          WINDOW one_wallet AS (PARTITION BY u.wallet ORDER BY u.place)
      ) AS leg
      LEFT JOIN accounts_wallet w ON w.id = leg.wallet;

  UPDATE accounts_wallet w SET
      balance = w.balance + sum_of.amount,
      lock_version = w.lock_version + sum_of.steps,
      total_earned = w.total_earned + sum_of.earned,
      total_spent = w.total_spent + sum_of.spent,
      total_tax_paid = w.total_tax_paid + CASE WHEN p_kind = 'TAX' THEN -sum_of.amount ELSE 0 END,
      last_tax_collected_at = CASE WHEN p_kind = 'TAX' THEN p_at ELSE w.last_tax_collected_at END,
      total_stipend_received = w.total_stipend_received + CASE WHEN p_kind = 'STIPEND' THEN sum_of.amount ELSE 0 END,
      last_stipend_received_at = CASE WHEN p_kind = 'STIPEND' THEN p_at ELSE w.last_stipend_received_at END,
      last_activity = p_at
    FROM (
      SELECT u.wallet, sum(u.amount) AS amount, count(*) AS steps,
          sum(ledger_earned(p_kind, u.amount)) AS earned, sum(ledger_spent(p_kind, u.amount)) AS spent
        FROM unnest(p_leg_wallets, p_leg_amounts) AS u(wallet, amount)
        WHERE u.wallet IS NOT NULL AND u.amount <> 0
        GROUP BY u.wallet
    ) AS sum_of
    WHERE w.id = sum_of.wallet;

  INSERT INTO economy_fundentry (fund, amount)
    SELECT u.fund, sum(u.amount) FROM unnest(p_leg_funds, p_leg_amounts) AS u(fund, amount)
      WHERE u.fund IS NOT NULL GROUP BY u.fund HAVING sum(u.amount) <> 0;

  RETURN cardinality(p_transfers);
END
$$;

-- Locks wallets in the one order that everybody keeps.
CREATE FUNCTION ledger_lock_wallets(p_wallets uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM accounts_wallet w WHERE w.id = ANY (p_wallets) ORDER BY w.id FOR NO KEY UPDATE;
END
$$;

-- Locks on part of a wallet ---------------------------------------------------------------------------------------

CREATE FUNCTION ledger_hold(
  p_wallet uuid, p_kind text, p_amount numeric, p_at timestamptz, p_unlock_at timestamptz, p_reference_type text,
  p_reference_id uuid
) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
  v_lock uuid := civitas_uuid7(p_at);
  v_available numeric;
BEGIN
  UPDATE accounts_wallet w SET locked_balance = w.locked_balance + p_amount, lock_version = w.lock_version + 1
    WHERE w.id = p_wallet AND w.balance - w.locked_balance >= p_amount;
  IF NOT FOUND THEN
    SELECT w.balance - w.locked_balance INTO v_available FROM accounts_wallet w WHERE w.id = p_wallet;
    IF NOT FOUND THEN
      PERFORM ledger_refuse('CV404', 'not-found', '{}');
    END IF;
    PERFORM ledger_refuse('CV402', 'insufficient-funds',
      jsonb_build_object('needed', p_amount::text, 'available', v_available::text));
  END IF;
  INSERT INTO economy_lock (id, created_at, updated_at, wallet_id, kind, amount, unlock_at, reference_type, reference_id)
    VALUES (v_lock, p_at, p_at, p_wallet, p_kind, p_amount, p_unlock_at, p_reference_type, p_reference_id);
  RETURN v_lock;
END
$$;

-- Opens one lock, once: true for the one who did, false when it was open already. The wallet comes before the lock, as in
-- ledger_hold, so that the two cannot wait for each other.
CREATE FUNCTION ledger_release(p_lock uuid, p_at timestamptz) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
  v_wallet uuid;
  v_amount numeric;
BEGIN
  SELECT l.wallet_id INTO v_wallet FROM economy_lock l WHERE l.id = p_lock;
  PERFORM ledger_lock_wallets(ARRAY[v_wallet]);
  UPDATE economy_lock l SET released_at = p_at WHERE l.id = p_lock AND l.released_at IS NULL RETURNING l.amount INTO v_amount;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE accounts_wallet w SET locked_balance = w.locked_balance - v_amount, lock_version = w.lock_version + 1
    WHERE w.id = v_wallet;
  RETURN true;
END
$$;

-- Funds -----------------------------------------------------------------------------------------------------------

CREATE FUNCTION ledger_fund_balance(p_fund text) RETURNS numeric
LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT b.balance FROM economy_fundbalance b WHERE b.fund = p_fund), 0)
    + coalesce((SELECT sum(e.amount) FROM economy_fundentry e WHERE e.fund = p_fund), 0)
$$;

-- Collects waiting entries into the balances; how many. Entries of movements that commit meanwhile wait for the next time.
CREATE FUNCTION ledger_roll_up_funds() RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  v_count integer;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('ledger_roll_up_funds', 0));
  WITH gone AS (DELETE FROM economy_fundentry RETURNING fund, amount),
  sums AS (SELECT fund, sum(amount) AS amount, count(*) AS entries FROM gone GROUP BY fund),
  kept AS (
    INSERT INTO economy_fundbalance (fund, balance, rolled_up_at) SELECT fund, amount, now() FROM sums
    ON CONFLICT (fund) DO UPDATE
      SET balance = economy_fundbalance.balance + EXCLUDED.balance, rolled_up_at = EXCLUDED.rolled_up_at
    RETURNING 1
  )
  SELECT coalesce(sum(entries), 0) INTO v_count FROM sums;
  RETURN v_count;
END
$$;

-- Months around now; a job makes the later ones ahead.
SELECT civitas_make_month(t.name, m.first AT TIME ZONE 'UTC', (m.first + interval '1 month') AT TIME ZONE 'UTC')
  FROM (VALUES ('economy_transfer'), ('economy_posting')) AS t(name),
    generate_series(date_trunc('month', now() AT TIME ZONE 'UTC'),
      date_trunc('month', now() AT TIME ZONE 'UTC') + interval '3 months', interval '1 month') AS m(first);
