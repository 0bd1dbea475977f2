-- Rewards: rows that are owed, paid from the treasury in chunks, and taken back when their cause is removed in time.
--
-- Everybody takes locks in this order: the turn of rewards → the turn of what leaves the treasury → wallets by id → rewards
-- by id. Whoever removes a cause holds wallets (of those who tipped it) and then comes to the rewards.

-- Why a reward is not paid, or NULL when it is: asked under the lock of its member's wallet and of the row itself.
CREATE FUNCTION economy_reward_refused(p_reward economy_reward) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE
      WHEN NOT x.is_on THEN 'RULE_OFF'
      WHEN u.status <> 'ACTIVE' THEN 'NOT_ACTIVE'
      WHEN p_reward.length < x.minimum_length THEN 'TOO_SHORT'
      WHEN x.cool_down_minutes > 0 AND EXISTS (
        SELECT FROM economy_reward r
          WHERE r.user_id = p_reward.user_id AND r.rule_id = x.id AND r.status = 'PAID'
            AND r.happened_at > p_reward.happened_at - make_interval(mins => x.cool_down_minutes)
            AND r.happened_at < p_reward.happened_at + make_interval(mins => x.cool_down_minutes)) THEN 'COOL_DOWN'
      WHEN p_reward.amount + (
        SELECT coalesce(sum(r.amount), 0) FROM economy_reward r
          WHERE r.user_id = p_reward.user_id AND r.rule_id = x.id AND r.status = 'PAID'
            AND r.happened_at >= date_trunc('day', p_reward.happened_at, 'UTC')
            AND r.happened_at < date_trunc('day', p_reward.happened_at, 'UTC') + interval '1 day') > x.daily_cap
        THEN 'DAILY_CAP'
      WHEN p_reward.amount + (
        SELECT coalesce(sum(r.amount), 0) FROM economy_reward r
          WHERE r.user_id = p_reward.user_id AND r.rule_id = x.id AND r.status = 'PAID'
            AND r.happened_at >= date_trunc('week', p_reward.happened_at, 'UTC')
            AND r.happened_at < date_trunc('week', p_reward.happened_at, 'UTC') + interval '7 days') > x.weekly_cap
        THEN 'WEEKLY_CAP'
    END
    FROM economy_rewardrule x, accounts_user u
    WHERE x.id = p_reward.rule_id AND u.id = p_reward.user_id
$$;
COMMENT ON FUNCTION economy_reward_refused(economy_reward) IS
  'Why a reward that is owed is not paid (a value of economy_reward.skipped_for), or NULL when it is.';

-- Decides on the oldest rewards that are owed and that the treasury covers, at most one per member and rule in a call, so that
-- what was decided before stands in the table. How many were decided, how many of them paid, how many coins.
CREATE FUNCTION economy_pay_rewards(
  p_at timestamptz, p_chunk integer, OUT decided integer, OUT paid integer, OUT coins numeric
) LANGUAGE plpgsql AS $$
DECLARE
  v_treasury numeric;
  v_rewards uuid[];
  v_wallets uuid[];
  v_paid uuid[];
  v_transfers uuid[];
BEGIN
  decided := 0; paid := 0; coins := 0;
  PERFORM pg_advisory_xact_lock(hashtextextended('economy.rewards', 0));
  -- The weekly stipend pays from the same treasury: what it pays at this moment is not ours to promise.
  PERFORM pg_advisory_xact_lock(hashtextextended('economy.stipend', 0));
  v_treasury := ledger_fund_balance('treasury');

  SELECT array_agg(next.id), array_agg(DISTINCT next.wallet) INTO v_rewards, v_wallets
    FROM (
      SELECT DISTINCT ON (oldest.rule_id, oldest.user_id) oldest.id, w.id AS wallet
        FROM (
          SELECT r.id, r.rule_id, r.user_id, sum(r.amount) OVER (ORDER BY r.id) AS upto
            FROM (
              SELECT o.id, o.rule_id, o.user_id, o.amount FROM economy_reward o
                WHERE o.status = 'OWED' ORDER BY o.id LIMIT p_chunk
            ) AS r
        ) AS oldest
        JOIN accounts_wallet w ON w.user_id = oldest.user_id
        WHERE oldest.upto <= v_treasury
        ORDER BY oldest.rule_id, oldest.user_id, oldest.id
    ) AS next;
  IF v_rewards IS NULL THEN
    RETURN;
  END IF;

  PERFORM ledger_lock_wallets(v_wallets);
  -- Whose cause is being removed at this moment is left for the next run.
  SELECT array_agg(mine.id ORDER BY mine.id) INTO v_rewards
    FROM (
      SELECT r.id FROM economy_reward r WHERE r.id = ANY (v_rewards) AND r.status = 'OWED'
        ORDER BY r.id FOR NO KEY UPDATE SKIP LOCKED
    ) AS mine;
  IF v_rewards IS NULL THEN
    RETURN;
  END IF;
  decided := cardinality(v_rewards);

  WITH verdicts AS MATERIALIZED (
    SELECT r.id, economy_reward_refused(r) AS reason FROM economy_reward r WHERE r.id = ANY (v_rewards)
  )
  UPDATE economy_reward r SET status = 'SKIPPED', skipped_for = v.reason
    FROM verdicts v WHERE r.id = v.id AND v.reason IS NOT NULL;

  SELECT array_agg(r.id ORDER BY r.id), array_agg(civitas_uuid7(p_at) ORDER BY r.id), count(*), coalesce(sum(r.amount), 0)
    INTO v_paid, v_transfers, paid, coins
    FROM economy_reward r WHERE r.id = ANY (v_rewards) AND r.status = 'OWED';
  IF paid = 0 THEN
    RETURN;
  END IF;

  PERFORM ledger_move_many('REWARD', p_at, 'JOB', '', 'reward', v_transfers, v_paid,
      array_agg(leg.transfer ORDER BY leg.place, leg.part), array_agg(leg.wallet ORDER BY leg.place, leg.part),
      array_agg(leg.fund ORDER BY leg.place, leg.part), array_agg(leg.amount ORDER BY leg.place, leg.part))
    FROM (
      SELECT u.transfer, u.place, part.part, part.wallet, part.fund, part.amount
        FROM unnest(v_paid, v_transfers) WITH ORDINALITY AS u(reward, transfer, place)
        JOIN economy_reward r ON r.id = u.reward
        JOIN accounts_wallet w ON w.user_id = r.user_id
        CROSS JOIN LATERAL (VALUES
          (1, NULL::uuid, 'treasury', -r.amount), (2, w.id, NULL, r.amount)
        ) AS part(part, wallet, fund, amount)
    ) AS leg;

  UPDATE economy_reward r SET status = 'PAID', paid_at = p_at, transfer_id = u.transfer
    FROM unnest(v_paid, v_transfers) AS u(reward, transfer) WHERE r.id = u.reward;

  PERFORM accounts_owe_notice(p_at, r.user_id, 'reward', NULL, 'reward_rule', r.rule_id, r.amount,
      jsonb_build_object('trigger', x.trigger))
    FROM economy_reward r JOIN economy_rewardrule x ON x.id = r.rule_id WHERE r.id = ANY (v_paid);
END
$$;
COMMENT ON FUNCTION economy_pay_rewards(timestamptz, integer) IS
  'Decides on the oldest rewards that are owed and pays them from the treasury, as far as it goes; one per member and rule.';

-- Takes back paid rewards whose cause was removed in time: wallet → treasury, never more than the member can spend; the rest is
-- written off. How many.
CREATE FUNCTION economy_take_back_rewards(p_at timestamptz, p_chunk integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  v_rewards uuid[];
  v_wallets uuid[];
  v_one record;
  v_coins numeric;
  v_transfer uuid;
  v_count integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('economy.rewards', 0));
  SELECT array_agg(due.id), array_agg(DISTINCT due.wallet) INTO v_rewards, v_wallets
    FROM (
      SELECT r.id, w.id AS wallet FROM economy_reward r JOIN accounts_wallet w ON w.user_id = r.user_id
        WHERE r.status = 'PAID' AND r.removed_at IS NOT NULL ORDER BY r.removed_at LIMIT p_chunk
    ) AS due;
  IF v_rewards IS NULL THEN
    RETURN 0;
  END IF;
  PERFORM ledger_lock_wallets(v_wallets);
  FOR v_one IN
    SELECT r.id, r.amount, r.transfer_id, r.user_id FROM economy_reward r
      WHERE r.id = ANY (v_rewards) AND r.status = 'PAID' ORDER BY r.id FOR NO KEY UPDATE SKIP LOCKED
  LOOP
    v_transfer := NULL;
    SELECT greatest(least(v_one.amount, w.balance - w.locked_balance), 0) INTO v_coins
      FROM accounts_wallet w WHERE w.user_id = v_one.user_id;
    IF v_coins > 0 THEN
      SELECT m.transfer_id INTO v_transfer FROM accounts_wallet w, ledger_move('REWARD', p_at, ARRAY[w.id],
          ARRAY[-v_coins], ARRAY['treasury'], ARRAY[v_coins], NULL, NULL, 'JOB', '', 'reward', v_one.id, '{}',
          v_one.transfer_id, NULL, NULL) AS m
        WHERE w.user_id = v_one.user_id;
    END IF;
    UPDATE economy_reward r SET status = 'TAKEN_BACK', taken_back_at = p_at, taken_back = v_coins,
        written_off = r.amount - v_coins, back_transfer_id = v_transfer
      WHERE r.id = v_one.id;
    PERFORM accounts_owe_notice(p_at, r.user_id, 'reward', NULL, 'reward', r.id, v_coins,
        jsonb_build_object('trigger', x.trigger, 'back', true))
      FROM economy_reward r JOIN economy_rewardrule x ON x.id = r.rule_id WHERE r.id = v_one.id;
    v_count := v_count + 1;
  END LOOP;
  RETURN v_count;
END
$$;
COMMENT ON FUNCTION economy_take_back_rewards(timestamptz, integer) IS
  'Takes back paid rewards whose cause was removed in time, as far as their members can spend; the rest is written off.';

-- Coins ever earned, less rewards that were taken back.
CREATE OR REPLACE FUNCTION ledger_earned(kind text, amount numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN kind = 'REWARD' OR amount > 0 AND kind IN ('TIP_SETTLEMENT', 'COMMENT_FEE', 'GIFT', 'SALE_SETTLEMENT',
    'TREASURY_PAYMENT') THEN amount ELSE 0 END
$$;

CREATE TRIGGER audit_changed AFTER INSERT OR DELETE OR UPDATE OF slug, trigger, amount, daily_cap, weekly_cap, minimum_length,
    cool_down_minutes, is_on ON economy_rewardrule
  FOR EACH ROW EXECUTE FUNCTION audit_changed('id',
    'slug,trigger,amount,daily_cap,weekly_cap,minimum_length,cool_down_minutes,is_on', '', '');

-- Seven days in a row; once a week is all there can be.
INSERT INTO economy_rewardrule (id, slug, trigger, amount, minimum_length, cool_down_minutes, is_on) VALUES
  (civitas_uuid7(now()), 'streak-7', 'streak-7', 3.00, 0, 0, true);
