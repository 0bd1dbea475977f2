-- A gift's limits stand on the giver's wallet, which a gift locks and writes anyway. Summing up the day's postings instead cost
-- more with every gift that anybody gave that day: a plan for any member at any time reads the day's ids from end to end.

-- Whether a moment lies in the minute that began then. Gifts of a burst reach the wallet in another order than their times were
-- read in: one that was overtaken belongs to the same minute. A clock that was set back by more begins another one.
CREATE FUNCTION ledger_same_minute(since timestamptz, at timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT since IS NOT NULL AND at > since - interval '1 minute' AND at < since + interval '1 minute'
$$;
COMMENT ON FUNCTION ledger_same_minute(timestamptz, timestamptz) IS 'Whether a moment lies in the minute that began then.';

-- The id of a line of a transfer: the transfer's with another last byte (1 to 255 of its own), so no randomness is drawn for it.
CREATE FUNCTION civitas_uuid7_near(other uuid, place bigint) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT encode(set_byte(uuid_send(other), 15, (get_byte(uuid_send(other), 15) + place::integer) % 256), 'hex')::uuid
$$;
COMMENT ON FUNCTION civitas_uuid7_near(uuid, bigint) IS
  'The id of the n-th row beside another (n from 1 to 255), of the same millisecond.';

-- The gifts of the day on which this is installed, so that nobody's limit begins anew with it.
UPDATE accounts_wallet w SET gifts_on = today.day, gifts_coins = today.coins
  FROM (
    SELECT p.wallet_id, -sum(p.amount) AS coins, (now() AT TIME ZONE 'UTC')::date AS day
      FROM economy_posting p
      WHERE p.kind = 'GIFT' AND p.amount < 0 AND p.wallet_id IS NOT NULL
        AND p.id >= civitas_first_id(date_trunc('day', now(), 'UTC'))
      GROUP BY p.wallet_id
  ) AS today
  WHERE w.id = today.wallet_id;

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
  v_order integer[];
  v_place integer;
  v_id uuid;
  v_amount numeric;
  v_wallet record;
  v_ids uuid[] := '{}';
  v_amounts numeric[] := '{}';
  v_balances numeric[] := '{}';
  v_versions bigint[] := '{}';
  v_day date := (p_at AT TIME ZONE 'UTC')::date;
  -- At the end of a day one of the next may have been faster: it began the count that both belong to.
  v_day_soon date := ((p_at + interval '1 minute') AT TIME ZONE 'UTC')::date;
  v_counts boolean := p_daily_most IS NOT NULL OR p_minute_most IS NOT NULL;
  v_is_own boolean;
BEGIN
  transfer_id := civitas_uuid7(p_at);
  is_replay := false;

  IF p_key IS NOT NULL THEN
    v_digest := md5(concat_ws('|', p_kind, p_wallets, p_wallet_amounts, p_funds, p_fund_amounts, p_reference_type,
      p_reference_id, p_description));
    INSERT INTO economy_transferkey (id, created_at, owner_id, key, fingerprint, transfer_id)
      VALUES (transfer_id, p_at, p_actor, p_key, v_digest, transfer_id)
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

  -- One or two wallets, as nearly always, need no query to be put in order.
  v_order := CASE
    WHEN cardinality(p_wallets) = 0 THEN '{}'
    WHEN cardinality(p_wallets) = 1 THEN '{1}'
    WHEN cardinality(p_wallets) > 2 THEN
      (SELECT array_agg(u.place ORDER BY u.wallet) FROM unnest(p_wallets) WITH ORDINALITY AS u(wallet, place))
    WHEN p_wallets[1] < p_wallets[2] THEN '{1,2}'
    ELSE '{2,1}' END;
  FOREACH v_place IN ARRAY v_order LOOP
    v_id := p_wallets[v_place];
    v_amount := p_wallet_amounts[v_place];
    -- The first wallet of the call is the one whose member acts: its version was read, its gifts are counted.
    v_is_own := v_place = 1;
    UPDATE accounts_wallet w SET
      balance = w.balance + v_amount,
      lock_version = w.lock_version + 1,
      total_earned = w.total_earned + ledger_earned(p_kind, v_amount),
      total_spent = w.total_spent + ledger_spent(p_kind, v_amount),
      last_activity = p_at,
      gifts_on = CASE WHEN NOT (v_counts AND v_is_own) OR w.gifts_on = v_day_soon THEN w.gifts_on ELSE v_day END,
      gifts_coins = CASE WHEN NOT (v_counts AND v_is_own) THEN w.gifts_coins
        WHEN w.gifts_on IN (v_day, v_day_soon) THEN w.gifts_coins - v_amount ELSE -v_amount END,
      gifts_since = CASE WHEN NOT (v_counts AND v_is_own) OR ledger_same_minute(w.gifts_since, p_at) THEN w.gifts_since
        ELSE p_at END,
      gifts_times = CASE WHEN NOT (v_counts AND v_is_own) THEN w.gifts_times
        WHEN ledger_same_minute(w.gifts_since, p_at) THEN w.gifts_times + 1 ELSE 1 END
    WHERE w.id = v_id AND (v_amount > 0 OR w.balance - w.locked_balance + v_amount >= 0)
    RETURNING w.balance, w.lock_version, w.gifts_coins, w.gifts_since, w.gifts_times INTO v_wallet;
    IF NOT FOUND THEN
      SELECT w.balance - w.locked_balance AS available INTO v_wallet FROM accounts_wallet w WHERE w.id = v_id;
      IF NOT FOUND THEN
        PERFORM ledger_refuse('CV404', 'not-found', '{}');
      END IF;
      PERFORM ledger_refuse('CV402', 'insufficient-funds',
        jsonb_build_object('needed', (-v_amount)::text, 'available', v_wallet.available::text));
    END IF;
    IF v_is_own THEN
      balance_after := v_wallet.balance;
      IF p_expected_version IS NOT NULL AND v_wallet.lock_version <> p_expected_version + 1 THEN
        PERFORM ledger_refuse('CV412', 'stale-version', '{}');
      END IF;
      -- What is refused here takes its own count along, with the rest of the movement.
      IF v_wallet.gifts_times > p_minute_most THEN
        PERFORM ledger_refuse('CV430', 'too-many', jsonb_build_object('retry_after',
          greatest(1, ceil(extract(epoch FROM v_wallet.gifts_since + interval '1 minute' - p_at)))::integer));
      END IF;
      IF v_wallet.gifts_coins > p_daily_most THEN
        PERFORM ledger_refuse('CV429', 'daily-limit', jsonb_build_object('most', p_daily_most::text,
          'left', greatest(p_daily_most - v_wallet.gifts_coins - v_amount, 0)::text));
      END IF;
    END IF;
    v_ids := v_ids || v_id;
    v_amounts := v_amounts || v_amount;
    v_balances := v_balances || v_wallet.balance;
    v_versions := v_versions || v_wallet.lock_version;
  END LOOP;

  INSERT INTO economy_transfer (id, created_at, kind, trigger, channel, description, metadata, reference_type,
      reference_id, actor_id, reverses_id)
    VALUES (transfer_id, p_at, p_kind, lower(p_kind) || coalesce(':' || nullif(p_reference_type, ''), ''), p_channel,
      p_description, p_metadata, p_reference_type, p_reference_id, p_actor, p_reverses);

  -- All lines by one statement, which is then in balance.
  IF cardinality(p_funds) = 0 THEN
    INSERT INTO economy_posting (id, created_at, transfer_id, wallet_id, kind, amount, balance_before, balance_after,
        lock_version)
      SELECT civitas_uuid7_near(ledger_move.transfer_id, u.place), p_at, ledger_move.transfer_id, u.wallet, p_kind, u.amount,
          u.balance - u.amount, u.balance, u.version
        FROM unnest(v_ids, v_amounts, v_balances, v_versions) WITH ORDINALITY AS u(wallet, amount, balance, version, place);
  ELSE
    INSERT INTO economy_posting (id, created_at, transfer_id, wallet_id, fund, kind, amount, balance_before, balance_after,
        lock_version)
      SELECT civitas_uuid7_near(ledger_move.transfer_id, u.place), p_at, ledger_move.transfer_id, u.wallet, NULL, p_kind,
          u.amount, u.balance - u.amount, u.balance, u.version
        FROM unnest(v_ids, v_amounts, v_balances, v_versions) WITH ORDINALITY AS u(wallet, amount, balance, version, place)
      UNION ALL
      SELECT civitas_uuid7_near(ledger_move.transfer_id, 128 + u.place), p_at, ledger_move.transfer_id, NULL, u.fund, p_kind,
          u.amount, NULL, NULL, NULL
        FROM unnest(p_funds, p_fund_amounts) WITH ORDINALITY AS u(fund, amount, place) WHERE u.amount <> 0;
    INSERT INTO economy_fundentry (fund, amount)
      SELECT u.fund, u.amount FROM unnest(p_funds, p_fund_amounts) AS u(fund, amount) WHERE u.amount <> 0;
  END IF;
END
$$;

DROP FUNCTION economy_told(timestamptz, uuid, text, numeric, jsonb, uuid);

-- A gift from wallet to wallet in one call: the movement, nothing between members of whom one has blocked the other, and the
-- notice that the receiver is owed. A gift that was found under its key is neither looked at nor told again.
CREATE FUNCTION economy_give(
  p_at timestamptz,
  p_giver uuid,
  p_receiver uuid,
  p_coins numeric,
  p_actor uuid,
  p_told uuid,
  p_key text,
  p_channel text,
  p_memo text,
  p_reference_type text,
  p_reference_id uuid,
  p_expected_version bigint,
  p_daily_most numeric,
  p_minute_most integer,
  OUT transfer_id uuid,
  OUT is_replay boolean,
  OUT balance_after numeric
) LANGUAGE plpgsql AS $$
DECLARE
  v_page uuid;
  v_are_apart boolean;
BEGIN
  SELECT m.transfer_id, m.is_replay, m.balance_after INTO transfer_id, is_replay, balance_after
    FROM ledger_move('GIFT', p_at, ARRAY[p_giver, p_receiver], ARRAY[-p_coins, p_coins], '{}', '{}', p_actor, p_key, p_channel,
      p_memo, p_reference_type, p_reference_id, '{}', NULL, p_expected_version, p_daily_most, p_minute_most) AS m;
  IF is_replay THEN
    RETURN;
  END IF;
  SELECT g.id, EXISTS (SELECT FROM accounts_block b WHERE b.user_id = p_actor AND b.blocked_id = p_told)
      OR EXISTS (SELECT FROM accounts_block b WHERE b.user_id = p_told AND b.blocked_id = p_actor)
    INTO v_page, v_are_apart FROM accounts_page g WHERE g.user_id = p_actor AND g.is_primary;
  IF v_are_apart THEN
    PERFORM ledger_refuse('CV403', 'blocked', '{}');
  END IF;
  PERFORM accounts_owe_notice(p_at, p_told, 'gift', v_page, 'page', v_page, p_coins, jsonb_build_object('memo', p_memo));
END
$$;
COMMENT ON FUNCTION economy_give(timestamptz, uuid, uuid, numeric, uuid, uuid, text, text, text, text, uuid, bigint, numeric, integer) IS
  'Gives coins from wallet to wallet, at most once per key, not between members who keep apart, and owes the receiver a notice.';
