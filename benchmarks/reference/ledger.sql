-- A ledger in bare SQL: what a transfer costs PostgreSQL when nothing but its rows and its guarantees is asked for. Rows have
-- the columns of ours; the guarantees are ours too: foreign keys, checks, one use per key, sum zero at commit, no overdraft,
-- the day's limit, nothing between members of whom one has blocked the other. What is left out serves reading (most indexes),
-- growth (months) or other writers (append-only).

CREATE SCHEMA bench;

CREATE TABLE bench.wallet (LIKE accounts_wallet INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
INSERT INTO bench.wallet SELECT * FROM accounts_wallet;
ALTER TABLE bench.wallet ADD PRIMARY KEY (id), ADD UNIQUE (user_id),
  ADD FOREIGN KEY (user_id) REFERENCES accounts_user (id);

CREATE TABLE bench.transfer (LIKE economy_transfer INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
ALTER TABLE bench.transfer ADD PRIMARY KEY (id), ADD FOREIGN KEY (actor_id) REFERENCES accounts_user (id),
  ADD FOREIGN KEY (reverses_id) REFERENCES bench.transfer (id);

CREATE TABLE bench.posting (LIKE economy_posting INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
ALTER TABLE bench.posting ADD PRIMARY KEY (id), ADD FOREIGN KEY (transfer_id) REFERENCES bench.transfer (id),
  ADD FOREIGN KEY (wallet_id) REFERENCES bench.wallet (id);
-- One wallet's postings: without it a statement cannot be had.
CREATE INDEX ON bench.posting (wallet_id, lock_version DESC);
-- One transfer's postings, which the check at commit asks for.
CREATE INDEX ON bench.posting (transfer_id);

CREATE TABLE bench.key (LIKE economy_transferkey INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
ALTER TABLE bench.key ADD PRIMARY KEY (id), ADD UNIQUE (owner_id, key),
  ADD FOREIGN KEY (owner_id) REFERENCES accounts_user (id);

-- Funds are appended to, so that nobody waits for a fund's row.
CREATE TABLE bench.fundentry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, fund varchar(10) NOT NULL, amount numeric(18, 2) NOT NULL
);

-- Whoever gets coins is owed a notice of them.
CREATE TABLE bench.owed (LIKE accounts_owednotice INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
ALTER TABLE bench.owed ADD PRIMARY KEY (id), ADD FOREIGN KEY (user_id) REFERENCES accounts_user (id),
  ADD FOREIGN KEY (actor_id) REFERENCES accounts_page (id);
CREATE INDEX ON bench.owed (user_id);

CREATE FUNCTION bench.balanced() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT sum(amount) FROM bench.posting WHERE transfer_id = NEW.id) IS DISTINCT FROM 0 THEN
    RAISE EXCEPTION 'out of balance';
  END IF;
  RETURN NULL;
END
$$;

-- One look per transfer at commit: the cheapest form that nobody can go past.
CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON bench.transfer
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION bench.balanced();

-- Gives coins from one wallet to another, the lower id first. uuidv7() is PostgreSQL's own.
CREATE FUNCTION bench.give(
  p_giver uuid, p_receiver uuid, p_coins numeric, p_actor uuid, p_told uuid, p_key text, p_most numeric, p_a_minute integer
)
RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
  v_at timestamptz := clock_timestamp();
  v_transfer uuid := uuidv7();
  v_balance_of_giver numeric;
  v_version_of_giver bigint;
  v_balance_of_receiver numeric;
  v_version_of_receiver bigint;
  v_used numeric;
  v_times integer;
  v_page uuid;
BEGIN
  IF EXISTS (SELECT FROM accounts_block WHERE user_id = p_actor AND blocked_id = p_told)
    OR EXISTS (SELECT FROM accounts_block WHERE user_id = p_told AND blocked_id = p_actor) THEN
    RAISE EXCEPTION 'apart';
  END IF;
  INSERT INTO bench.key (id, created_at, owner_id, key, fingerprint, transfer_id)
    VALUES (uuidv7(), v_at, p_actor, p_key, md5(concat_ws('|', p_giver, p_receiver, p_coins)), v_transfer)
    ON CONFLICT (owner_id, key) DO NOTHING;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'used before';
  END IF;

  IF p_receiver < p_giver THEN
    UPDATE bench.wallet SET balance = balance + p_coins, lock_version = lock_version + 1,
        total_earned = total_earned + p_coins, last_activity = v_at, updated_at = v_at
      WHERE id = p_receiver RETURNING balance, lock_version INTO STRICT v_balance_of_receiver, v_version_of_receiver;
  END IF;
  -- Limits are counted on the row that is written anyway.
  UPDATE bench.wallet SET balance = balance - p_coins, lock_version = lock_version + 1,
      total_spent = total_spent + p_coins, last_activity = v_at, updated_at = v_at,
      gifts_on = (v_at AT TIME ZONE 'UTC')::date,
      gifts_coins = p_coins + CASE WHEN gifts_on = (v_at AT TIME ZONE 'UTC')::date THEN gifts_coins ELSE 0 END,
      gifts_since = CASE WHEN gifts_since > v_at - interval '1 minute' THEN gifts_since ELSE v_at END,
      gifts_times = 1 + CASE WHEN gifts_since > v_at - interval '1 minute' THEN gifts_times ELSE 0 END
    WHERE id = p_giver AND balance - locked_balance >= p_coins
    RETURNING balance, lock_version, gifts_coins, gifts_times INTO v_balance_of_giver, v_version_of_giver, v_used, v_times;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'not enough';
  END IF;
  IF v_used > p_most OR v_times > p_a_minute THEN
    RAISE EXCEPTION 'limit';
  END IF;
  IF p_receiver > p_giver THEN
    UPDATE bench.wallet SET balance = balance + p_coins, lock_version = lock_version + 1,
        total_earned = total_earned + p_coins, last_activity = v_at, updated_at = v_at
      WHERE id = p_receiver RETURNING balance, lock_version INTO STRICT v_balance_of_receiver, v_version_of_receiver;
  END IF;

  INSERT INTO bench.transfer (id, created_at, kind, trigger, channel, description, metadata, reference_type, actor_id)
    VALUES (v_transfer, v_at, 'GIFT', 'gift', 'API', 'Thanks', '{}', '', p_actor);
  INSERT INTO bench.posting (id, created_at, transfer_id, wallet_id, kind, amount, balance_before, balance_after, lock_version)
    VALUES
      (uuidv7(), v_at, v_transfer, p_giver, 'GIFT', -p_coins, v_balance_of_giver + p_coins, v_balance_of_giver,
        v_version_of_giver),
      (uuidv7(), v_at, v_transfer, p_receiver, 'GIFT', p_coins, v_balance_of_receiver - p_coins, v_balance_of_receiver,
        v_version_of_receiver);
  SELECT id INTO v_page FROM accounts_page WHERE user_id = p_actor AND is_primary;
  INSERT INTO bench.owed (id, created_at, user_id, type, actor_id, reference_type, reference_id, coins, data)
    VALUES (uuidv7(), v_at, p_told, 'gift', v_page, 'page', v_page, p_coins, '{"memo": "Thanks"}');
  RETURN v_balance_of_giver;
END
$$;

VACUUM ANALYZE bench.wallet;
