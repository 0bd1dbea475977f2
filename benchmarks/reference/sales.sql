-- A purchase in bare SQL, beside ledger.sql: buyer → seller and treasury in one transfer. The treasury is appended to and not
-- locked, as ours.

CREATE FUNCTION bench.sell(p_buyer uuid, p_seller uuid, p_coins numeric, p_fee numeric, p_actor uuid, p_key text)
RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
  v_at timestamptz := clock_timestamp();
  v_transfer uuid := uuidv7();
  v_gain numeric := p_coins - p_fee;
  v_balance_of_buyer numeric;
  v_version_of_buyer bigint;
  v_balance_of_seller numeric;
  v_version_of_seller bigint;
BEGIN
  INSERT INTO bench.key (id, created_at, owner_id, key, fingerprint, transfer_id)
    VALUES (uuidv7(), v_at, p_actor, p_key, md5(concat_ws('|', p_buyer, p_seller, p_coins, p_fee)), v_transfer)
    ON CONFLICT (owner_id, key) DO NOTHING;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'used before';
  END IF;

  IF p_seller < p_buyer THEN
    UPDATE bench.wallet SET balance = balance + v_gain, lock_version = lock_version + 1, last_activity = v_at, updated_at = v_at
      WHERE id = p_seller RETURNING balance, lock_version INTO STRICT v_balance_of_seller, v_version_of_seller;
  END IF;
  UPDATE bench.wallet SET balance = balance - p_coins, lock_version = lock_version + 1,
      total_spent = total_spent + p_coins, last_activity = v_at, updated_at = v_at
    WHERE id = p_buyer AND balance - locked_balance >= p_coins
    RETURNING balance, lock_version INTO v_balance_of_buyer, v_version_of_buyer;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'not enough';
  END IF;
  IF p_seller > p_buyer THEN
    UPDATE bench.wallet SET balance = balance + v_gain, lock_version = lock_version + 1, last_activity = v_at, updated_at = v_at
      WHERE id = p_seller RETURNING balance, lock_version INTO STRICT v_balance_of_seller, v_version_of_seller;
  END IF;

  INSERT INTO bench.transfer (id, created_at, kind, trigger, channel, description, metadata, reference_type, actor_id)
    VALUES (v_transfer, v_at, 'PURCHASE', 'purchase', 'API', '', '{}', '', p_actor);
  INSERT INTO bench.posting (id, created_at, transfer_id, wallet_id, fund, kind, amount, balance_before, balance_after, lock_version)
    VALUES
      (uuidv7(), v_at, v_transfer, p_buyer, NULL, 'PURCHASE', -p_coins, v_balance_of_buyer + p_coins, v_balance_of_buyer,
        v_version_of_buyer),
      (uuidv7(), v_at, v_transfer, p_seller, NULL, 'PURCHASE', v_gain, v_balance_of_seller - v_gain, v_balance_of_seller,
        v_version_of_seller),
      (uuidv7(), v_at, v_transfer, NULL, 'treasury', 'PURCHASE', p_fee, NULL, NULL, NULL);
  INSERT INTO bench.fundentry (fund, amount) VALUES ('treasury', p_fee);
  RETURN v_balance_of_buyer;
END
$$;
