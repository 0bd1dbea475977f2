DROP FUNCTION economy_give(timestamptz, uuid, uuid, numeric, uuid, uuid, text, text, text, text, uuid, bigint, numeric, integer);

CREATE FUNCTION economy_told(
  p_at timestamptz, p_receiver uuid, p_type text, p_coins numeric, p_data jsonb, p_giver uuid
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_page uuid;
BEGIN
  IF EXISTS (SELECT FROM accounts_block b WHERE b.user_id = p_giver AND b.blocked_id = p_receiver)
    OR EXISTS (SELECT FROM accounts_block b WHERE b.user_id = p_receiver AND b.blocked_id = p_giver) THEN
    PERFORM ledger_refuse('CV403', 'blocked', '{}');
  END IF;
  SELECT g.id INTO v_page FROM accounts_page g WHERE g.user_id = p_giver AND g.is_primary;
  PERFORM accounts_owe_notice(p_at, p_receiver, p_type, v_page, 'page', v_page, p_coins, p_data);
END
$$;
COMMENT ON FUNCTION economy_told(timestamptz, uuid, text, numeric, jsonb, uuid) IS
  'Refuses coins between members of whom one has blocked the other, and owes the receiver a notice of them.';

-- Moves coins between wallets and funds as one transfer. Wallets are locked in the order of their ids by the UPDATE that
-- changes them; funds are appended to and never locked. The key comes first: a retry waits for the first attempt there,
-- holding nothing, and then finds it.
CREATE OR REPLACE FUNCTION ledger_move(
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
  p_minute_most integer DEFAULT NULL,
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
  v_used record;
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
      IF p_daily_most IS NOT NULL OR p_minute_most IS NOT NULL THEN
        -- Under the wallet's lock, so that two gifts at once cannot both find room. One look tells of the day and of the minute,
        -- which may have begun on the day before.
        SELECT coalesce(-sum(p.amount) FILTER (WHERE p.id >= civitas_first_id(date_trunc('day', p_at, 'UTC'))), 0) AS coins,
            count(*) FILTER (WHERE p.created_at > p_at - interval '1 minute') AS lately,
            min(p.created_at) FILTER (WHERE p.created_at > p_at - interval '1 minute') AS first
          INTO v_used FROM economy_posting p
          WHERE p.wallet_id = v_leg.wallet AND p.kind = p_kind AND p.amount < 0
            AND p.id >= civitas_first_id(least(date_trunc('day', p_at, 'UTC'), p_at - interval '1 minute'))
            AND p.id < civitas_first_id(date_trunc('day', p_at, 'UTC') + interval '1 day');
        IF v_used.lately >= p_minute_most THEN
          PERFORM ledger_refuse('CV430', 'too-many', jsonb_build_object('retry_after',
            greatest(1, ceil(extract(epoch FROM coalesce(v_used.first, p_at) + interval '1 minute' - p_at)))::integer));
        END IF;
        IF v_used.coins - v_leg.amount > p_daily_most THEN
          PERFORM ledger_refuse('CV429', 'daily-limit', jsonb_build_object(
            'most', p_daily_most::text, 'left', greatest(p_daily_most - v_used.coins, 0)::text));
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

DROP FUNCTION ledger_same_minute(timestamptz, timestamptz);
DROP FUNCTION civitas_uuid7_near(uuid, bigint);
