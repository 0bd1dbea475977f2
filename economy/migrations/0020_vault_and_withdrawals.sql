-- Locks, many at once -----------------------------------------------------------------------------------------------

-- Ties up parts of wallets that the caller has locked (ledger_lock_wallets) and knows to be covered; the CHECK on wallets is
-- the last word. Ids of locks are the caller's, and what asked for a lock has the same id.
CREATE FUNCTION ledger_hold_many(
  p_kind text, p_at timestamptz, p_unlock_at timestamptz, p_reference_type text, p_locks uuid[], p_wallets uuid[],
  p_amounts numeric[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO economy_lock (id, created_at, updated_at, wallet_id, kind, amount, unlock_at, reference_type,
      reference_id)
    SELECT u.id, p_at, p_at, u.wallet, p_kind, u.amount, p_unlock_at, p_reference_type, u.id
      FROM unnest(p_locks, p_wallets, p_amounts) AS u(id, wallet, amount);
  UPDATE accounts_wallet w SET
      locked_balance = w.locked_balance + held.amount, lock_version = w.lock_version + held.steps
    FROM (
      SELECT u.wallet, sum(u.amount) AS amount, count(*) AS steps FROM unnest(p_wallets, p_amounts) AS u(wallet, amount)
        GROUP BY u.wallet
    ) AS held
    WHERE w.id = held.wallet;
END
$$;
COMMENT ON FUNCTION ledger_hold_many(text, timestamptz, timestamptz, text, uuid[], uuid[], numeric[]) IS
  'Ties up parts of wallets whose rows the caller holds, many at once.';

-- Opens those of the locks that are still tied up, each once; which ones. Wallets come before locks, in the order of their
-- ids, as everywhere.
CREATE FUNCTION ledger_release_many(p_locks uuid[], p_at timestamptz)
RETURNS TABLE (lock_id uuid, wallet_id uuid, amount numeric) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_open uuid[];
BEGIN
  PERFORM ledger_lock_wallets(ARRAY(SELECT DISTINCT l.wallet_id FROM economy_lock l WHERE l.id = ANY (p_locks)));
  -- Asked anew now that the wallets are ours: somebody else may have opened one meanwhile.
  v_open := ARRAY(SELECT l.id FROM economy_lock l WHERE l.id = ANY (p_locks) AND l.released_at IS NULL);
  UPDATE economy_lock l SET released_at = p_at WHERE l.id = ANY (v_open);
  UPDATE accounts_wallet w SET
      locked_balance = w.locked_balance - freed.amount, lock_version = w.lock_version + freed.steps
    FROM (
      SELECT l.wallet_id, sum(l.amount) AS amount, count(*) AS steps FROM economy_lock l WHERE l.id = ANY (v_open)
        GROUP BY l.wallet_id
    ) AS freed
    WHERE w.id = freed.wallet_id;
  RETURN QUERY SELECT l.id, l.wallet_id, l.amount::numeric FROM economy_lock l WHERE l.id = ANY (v_open);
END
$$;
COMMENT ON FUNCTION ledger_release_many(uuid[], timestamptz) IS
  'Opens those of these locks that are still tied up, each once, and answers with them.';

-- The vault ---------------------------------------------------------------------------------------------------------

-- Puts away a part of what wallets have just earned: one deposit per earning that yields at least 0.01. For whoever settles
-- earnings, in the same transaction, with the wallets still held. How many deposits were made.
CREATE FUNCTION economy_vault(
  p_at timestamptz, p_rate numeric, p_unlock_at timestamptz, p_wallets uuid[], p_transfers uuid[], p_kinds text[],
  p_amounts numeric[]
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  v_locks uuid[];
  v_wallets uuid[];
  v_transfers uuid[];
  v_kinds text[];
  v_amounts numeric[];
BEGIN
  SELECT array_agg(civitas_uuid7(p_at)), array_agg(put.wallet), array_agg(put.transfer), array_agg(put.kind),
      array_agg(put.amount)
    INTO v_locks, v_wallets, v_transfers, v_kinds, v_amounts
    FROM (
      SELECT u.wallet, u.transfer, u.kind, trunc(u.amount * p_rate, 2) AS amount
        FROM unnest(p_wallets, p_transfers, p_kinds, p_amounts) AS u(wallet, transfer, kind, amount)
    ) AS put
    WHERE put.amount > 0;
  IF v_locks IS NULL THEN
    RETURN 0;
  END IF;
  PERFORM ledger_hold_many('vault', p_at, p_unlock_at, 'vault', v_locks, v_wallets, v_amounts);
  INSERT INTO economy_vaultdeposit (id, created_at, updated_at, wallet_id, lock_id, source_transfer_id, source_kind, amount,
      unlock_at)
    SELECT u.id, p_at, p_at, u.wallet, u.id, u.transfer, u.kind, u.amount, p_unlock_at
      FROM unnest(v_locks, v_wallets, v_transfers, v_kinds, v_amounts) AS u(id, wallet, transfer, kind, amount);
  RETURN cardinality(v_locks);
END
$$;
COMMENT ON FUNCTION economy_vault(timestamptz, numeric, timestamptz, uuid[], uuid[], text[], numeric[]) IS
  'Locks a part of what wallets have just earned until a moment, as vault deposits; how many.';

-- Opens deposits whose time has come, at most p_chunk of them, and owes their members a notice. How many.
CREATE FUNCTION economy_open_vault(p_at timestamptz, p_chunk integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  v_due uuid[];
  v_opened uuid[];
  v_members uuid[];
  v_coins numeric[];
BEGIN
  -- Of two jobs at once each takes deposits of its own. The deposit is looked at again when its row is ours: the lock beside
  -- it is read from before.
  SELECT array_agg(due.id) INTO v_due
    FROM (
      SELECT d.id FROM economy_lock l JOIN economy_vaultdeposit d ON d.lock_id = l.id
        WHERE l.released_at IS NULL AND l.unlock_at <= p_at AND l.kind = 'vault' AND d.unlocked_at IS NULL
        ORDER BY l.unlock_at LIMIT p_chunk FOR UPDATE OF d SKIP LOCKED
    ) AS due;
  IF v_due IS NULL THEN
    RETURN 0;
  END IF;
  SELECT array_agg(o.lock_id) INTO v_opened FROM ledger_release_many(v_due, p_at) AS o;
  UPDATE economy_vaultdeposit d SET unlocked_at = p_at WHERE d.id = ANY (v_due);
  SELECT array_agg(freed.user_id), array_agg(freed.coins) INTO v_members, v_coins
    FROM (
      SELECT w.user_id, sum(d.amount) AS coins
        FROM economy_vaultdeposit d JOIN accounts_wallet w ON w.id = d.wallet_id JOIN accounts_user u ON u.id = w.user_id
        WHERE d.id = ANY (v_opened) AND u.status IN ('ACTIVE', 'SUSPENDED')
        GROUP BY w.user_id
    ) AS freed;
  IF v_members IS NOT NULL THEN
    PERFORM accounts_owe_notices(p_at, v_members, 'vault', v_coins, '{}');
  END IF;
  RETURN cardinality(v_due);
END
$$;
COMMENT ON FUNCTION economy_open_vault(timestamptz, integer) IS
  'Opens vault deposits whose time has come and owes their members a notice; how many.';

-- Tiers -------------------------------------------------------------------------------------------------------------

-- Writes the tiers of wallets and what they pay for a withdrawal, where they differ; of which wallets. No coins change, so
-- the version stays.
CREATE FUNCTION ledger_set_tiers(p_wallets uuid[], p_tiers text[], p_fees numeric[]) RETURNS uuid[]
LANGUAGE plpgsql AS $$
DECLARE
  v_written uuid[];
BEGIN
  PERFORM ledger_lock_wallets(p_wallets);
  WITH written AS (
    UPDATE accounts_wallet w SET loyalty_tier = u.tier, withdrawal_fee = u.fee
      FROM unnest(p_wallets, p_tiers, p_fees) AS u(wallet, tier, fee)
      WHERE w.id = u.wallet AND (w.loyalty_tier, w.withdrawal_fee) IS DISTINCT FROM (u.tier, u.fee)
      RETURNING w.id
  )
  SELECT array_agg(written.id) INTO v_written FROM written;
  RETURN coalesce(v_written, '{}');
END
$$;
COMMENT ON FUNCTION ledger_set_tiers(uuid[], text[], numeric[]) IS
  'Writes loyalty tiers and withdrawal fees of wallets where they differ; which. Their versions stay.';

-- Renews the tiers of the next p_chunk wallets behind p_after. Tiers come lowest first, each with the days of activity that
-- it needs; the last one that is reached counts. Answers with the last wallet looked at (NULL when none was left) and how
-- many were changed. Days are counted no further than the highest tier needs.
CREATE FUNCTION economy_renew_tiers(
  p_at timestamptz, p_after uuid, p_chunk integer, p_tiers text[], p_days integer[], p_fees numeric[],
  OUT upto uuid, OUT changed integer
) LANGUAGE plpgsql AS $$
DECLARE
  v_most integer := (SELECT max(d) FROM unnest(p_days) AS d);
  v_wallets uuid[];
  v_tiers text[];
  v_fees numeric[];
  v_members uuid[];
  v_written uuid[];
BEGIN
  SELECT (array_agg(n.id ORDER BY n.id DESC))[1],
      array_agg(n.id ORDER BY n.id) FILTER (WHERE n.differs), array_agg(n.tier ORDER BY n.id) FILTER (WHERE n.differs),
      array_agg(n.fee ORDER BY n.id) FILTER (WHERE n.differs),
      array_agg(CASE WHEN n.tier <> n.loyalty_tier AND n.is_here THEN n.user_id END ORDER BY n.id)
        FILTER (WHERE n.differs)
    INTO upto, v_wallets, v_tiers, v_fees, v_members
    FROM (
      SELECT w.id, w.user_id, w.loyalty_tier, t.tier, t.fee, w.is_here,
          (w.loyalty_tier, w.withdrawal_fee) IS DISTINCT FROM (t.tier, t.fee) AS differs
        FROM (
          SELECT w.id, w.user_id, w.loyalty_tier, w.withdrawal_fee, u.status IN ('ACTIVE', 'SUSPENDED') AS is_here
            FROM accounts_wallet w JOIN accounts_user u ON u.id = w.user_id
            WHERE w.id > p_after ORDER BY w.id LIMIT p_chunk
        ) AS w
        CROSS JOIN LATERAL (
          SELECT count(*) AS days
            FROM (SELECT FROM accounts_useractivity a WHERE a.user_id = w.user_id LIMIT v_most) AS counted
        ) AS d
        CROSS JOIN LATERAL (
          SELECT u.tier, u.fee FROM unnest(p_tiers, p_days, p_fees) WITH ORDINALITY AS u(tier, days, fee, place)
            WHERE u.days <= d.days ORDER BY u.place DESC LIMIT 1
        ) AS t
    ) AS n;
  changed := 0;
  IF v_wallets IS NULL THEN
    RETURN;
  END IF;
  -- Of two jobs at once the second finds written what it was about to write, and tells nobody.
  v_written := ledger_set_tiers(v_wallets, v_tiers, v_fees);
  changed := cardinality(v_written);
  PERFORM accounts_owe_notices(p_at, told.members, 'tier', told.none,
      jsonb_build_object('tier', told.tier, 'fee', told.fee::text))
    FROM (
      SELECT u.tier, u.fee, array_agg(u.member) AS members, array_agg(NULL::numeric) AS none
        FROM unnest(v_wallets, v_members, v_tiers, v_fees) AS u(wallet, member, tier, fee)
        WHERE u.member IS NOT NULL AND u.wallet = ANY (v_written) GROUP BY u.tier, u.fee
    ) AS told;
END
$$;
COMMENT ON FUNCTION economy_renew_tiers(timestamptz, uuid, integer, text[], integer[], numeric[]) IS
  'Renews the loyalty tiers of the next wallets by days of activity, and owes those that change a notice.';

-- Who decided on a withdrawal stands in the audit; where it went to does not.
CREATE TRIGGER audit_changed AFTER INSERT OR DELETE
    OR UPDATE OF status, method, details, reviewer_id, reason, payer_id, reference ON economy_withdrawalrequest
  FOR EACH ROW EXECUTE FUNCTION audit_changed('id', 'status,method,details,reviewer_id,reason,payer_id,reference', '',
    'details');
