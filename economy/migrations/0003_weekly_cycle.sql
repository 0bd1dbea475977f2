-- The weekly tax and stipend, set-based in chunks that commit apart. The callers are the operations of economy.tax and
-- economy.stipend; the row per member and run, written in the transaction that moves the coins, makes each happen once.

-- Tax ---------------------------------------------------------------------------------------------------------------

-- A run's brackets with the tax on all of the lower ones, so that one bracket is enough to tax a base.
CREATE FUNCTION economy_brackets(p_brackets jsonb)
RETURNS TABLE (name text, lower numeric, upper numeric, rate numeric, below numeric)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT b.name, b.lower, b.upper, b.rate,
      coalesce(sum((b.upper - b.lower) * b.rate)
        OVER (ORDER BY b.lower ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
    FROM jsonb_to_recordset(p_brackets) AS b(name text, lower numeric, upper numeric, rate numeric)
$$;

-- What each wallet that existed in a span is taxed on. The balance of now, less what came after the end, is the closing
-- balance; less what came within, weighed by the part of the span that had passed before it, it is the average. Both in one
-- pass over the postings since the start, pruned by their ids, and of one snapshot: so it comes out the same whenever it
-- is asked, whatever has moved since.
CREATE FUNCTION economy_tax_bases(p_start timestamptz, p_end timestamptz, p_basis text)
RETURNS TABLE (wallet uuid, base numeric)
LANGUAGE sql STABLE AS $$
  SELECT w.id, div(
      (w.balance * extract(epoch FROM p_end - p_start) - coalesce(moved.weighed, 0)) * 100,
      extract(epoch FROM p_end - p_start)) * 0.01
    FROM accounts_wallet w
    LEFT JOIN (
      SELECT p.wallet_id, sum(p.amount * CASE
            WHEN p.created_at >= p_end THEN extract(epoch FROM p_end - p_start)
            WHEN p_basis = 'closing' THEN 0
            ELSE extract(epoch FROM p.created_at - p_start)
          END) AS weighed
        FROM economy_posting p
        WHERE p.id >= civitas_first_id(p_start) AND p.wallet_id IS NOT NULL
        GROUP BY p.wallet_id
    ) AS moved ON moved.wallet_id = w.id
    WHERE w.created_at < p_end
$$;

-- The tax on each base above 0.00. A bracket begins above its lower bound: 200.00 lies in the free one.
CREATE FUNCTION economy_tax_due(p_start timestamptz, p_end timestamptz, p_basis text, p_brackets jsonb)
RETURNS TABLE (wallet uuid, base numeric, tax numeric, bracket text)
LANGUAGE sql STABLE AS $$
  SELECT a.wallet, a.base, trunc(b.below + (a.base - b.lower) * b.rate, 2), b.name
    FROM economy_tax_bases(p_start, p_end, p_basis) AS a
    JOIN economy_brackets(p_brackets) AS b ON a.base > b.lower AND (b.upper IS NULL OR a.base <= b.upper)
$$;

-- Notes for this session what is due from everyone whom the run has not collected from yet; how many they are. Chunks are
-- cut by `place`, which follows the table of wallets, so that a chunk touches few pages.
CREATE FUNCTION economy_tax_assess(p_run uuid) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  v_run economy_taxrun;
  v_count bigint;
BEGIN
  SELECT r.* INTO STRICT v_run FROM economy_taxrun r WHERE r.id = p_run;
  DROP TABLE IF EXISTS pg_temp.economy_tax_assessed;
  CREATE TEMP TABLE economy_tax_assessed (place bigint, wallet uuid, base numeric, tax numeric, bracket text);
  INSERT INTO economy_tax_assessed
    SELECT row_number() OVER (), due.*
      FROM economy_tax_due(v_run.period_start, v_run.period_end, v_run.basis, v_run.brackets) AS due
      WHERE NOT EXISTS (
        SELECT 1 FROM economy_taxcollection c WHERE c.run_id = p_run AND c.wallet_id = due.wallet);
  GET DIAGNOSTICS v_count = ROW_COUNT;
  CREATE INDEX ON economy_tax_assessed (place);
  ANALYZE economy_tax_assessed;
  RETURN v_count;
END
$$;

-- Collects from the places above p_after up to p_upto: one transfer for all of them. Whoever is in the run already, because
-- another process was faster, is left alone: only rows that this call has written move coins.
CREATE FUNCTION economy_tax_collect(
  p_run uuid, p_after bigint, p_upto bigint, p_at timestamptz, OUT members integer, OUT payers integer, OUT tax numeric
) LANGUAGE plpgsql AS $$
DECLARE
  v_transfer uuid := civitas_uuid7(p_at);
  v_period text;
  v_places record;
  v_wallets uuid[];
  v_amounts numeric[];
BEGIN
  -- Two runs at once take turns, chunk by chunk; without this they could wait for each other's rows in a circle.
  PERFORM pg_advisory_xact_lock(hashtextextended('economy.tax', 0));
  SELECT r.period INTO STRICT v_period FROM economy_taxrun r WHERE r.id = p_run;

  SELECT array_agg(a.wallet) AS wallets, array_agg(a.base) AS bases, array_agg(a.tax) AS taxes,
      array_agg(a.bracket) AS brackets, array_agg(a.wallet) FILTER (WHERE a.tax > 0) AS payers
    INTO v_places FROM economy_tax_assessed a WHERE a.place > p_after AND a.place <= p_upto;
  -- Until the commit nobody spends what is taken here. Who owes nothing is not kept waiting.
  PERFORM ledger_lock_wallets(v_places.payers);

  WITH collected AS (
    INSERT INTO economy_taxcollection (id, created_at, run_id, wallet_id, transfer_id, base, balance_before, tokens_taxed,
        balance_after, tax_bracket, tax_rate)
      SELECT civitas_uuid7(p_at), p_at, p_run, due.wallet, CASE WHEN due.tax > 0 THEN v_transfer END, due.base,
          due.balance, due.tax, due.balance - due.tax, due.bracket, round(due.tax / due.base, 4)
        FROM (
          SELECT a.wallet, a.base, a.bracket, w.balance, least(a.tax, w.balance - w.locked_balance) AS tax
            FROM unnest(v_places.wallets, v_places.bases, v_places.taxes, v_places.brackets)
              AS a(wallet, base, tax, bracket)
            JOIN accounts_wallet w ON w.id = a.wallet
        ) AS due
      ON CONFLICT (run_id, wallet_id) DO NOTHING
      RETURNING wallet_id, tokens_taxed
  )
  SELECT array_agg(c.wallet_id) FILTER (WHERE c.tokens_taxed > 0), array_agg(-c.tokens_taxed) FILTER (WHERE c.tokens_taxed > 0),
      count(*), count(*) FILTER (WHERE c.tokens_taxed > 0), coalesce(sum(c.tokens_taxed), 0)
    INTO v_wallets, v_amounts, members, payers, tax FROM collected c;

  IF payers > 0 THEN
    PERFORM ledger_move_many('TAX', p_at, 'JOB', v_period, 'tax_run', ARRAY[v_transfer], ARRAY[p_run],
      array_fill(v_transfer, ARRAY[payers + 1]), v_wallets || NULL::uuid,
      array_fill(NULL::text, ARRAY[payers]) || 'treasury'::text, v_amounts || tax);
  END IF;
END
$$;

-- Stipend -----------------------------------------------------------------------------------------------------------

-- One part of a stipend when all together want p_wanted and p_budget is there: counted in whole cents, rounded down.
CREATE FUNCTION economy_scaled(p_part numeric, p_budget numeric, p_wanted numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN p_wanted <= p_budget THEN p_part ELSE div(p_part * p_budget * 100, p_wanted) * 0.01 END
$$;

-- Pays the next p_chunk members of a run after p_after who are owed, in one transfer.
CREATE FUNCTION economy_stipend_pay(
  p_run uuid, p_after uuid, p_chunk integer, p_at timestamptz,
  OUT last_wallet uuid, OUT members integer, OUT paid numeric
) LANGUAGE plpgsql AS $$
DECLARE
  v_run economy_stipendrun;
  v_after uuid := coalesce(p_after, '00000000-0000-0000-0000-000000000000');
  v_transfer uuid := civitas_uuid7(p_at);
  v_wallets uuid[];
  v_amounts numeric[];
  v_treasury numeric;
BEGIN
  -- Two runs at once take turns, chunk by chunk: the second finds the first one's rows paid.
  PERFORM pg_advisory_xact_lock(hashtextextended('economy.stipend', 0));
  SELECT r.* INTO STRICT v_run FROM economy_stipendrun r WHERE r.id = p_run;

  SELECT owed.wallet_id INTO last_wallet FROM (
    SELECT d.wallet_id FROM economy_stipenddistribution d
      WHERE d.run_id = p_run AND d.wallet_id > v_after AND d.paid_at IS NULL
      ORDER BY d.wallet_id LIMIT p_chunk
  ) AS owed ORDER BY owed.wallet_id DESC LIMIT 1;

  WITH paid_now AS (
    UPDATE economy_stipenddistribution d SET
        base_stipend = economy_scaled(d.wanted_base, v_run.budget, v_run.total_wanted),
        engagement_bonus = economy_scaled(d.wanted_engagement, v_run.budget, v_run.total_wanted),
        new_user_bonus = economy_scaled(d.wanted_new_member, v_run.budget, v_run.total_wanted),
        total_stipend = economy_scaled(d.wanted_base, v_run.budget, v_run.total_wanted)
          + economy_scaled(d.wanted_engagement, v_run.budget, v_run.total_wanted)
          + economy_scaled(d.wanted_new_member, v_run.budget, v_run.total_wanted),
        transfer_id = CASE WHEN economy_scaled(greatest(d.wanted_base, d.wanted_engagement, d.wanted_new_member),
          v_run.budget, v_run.total_wanted) > 0 THEN v_transfer END,
        paid_at = p_at
      WHERE d.run_id = p_run AND d.wallet_id > v_after AND d.wallet_id <= last_wallet AND d.paid_at IS NULL
      RETURNING d.wallet_id, d.total_stipend
  )
  SELECT array_agg(p.wallet_id) FILTER (WHERE p.total_stipend > 0), array_agg(p.total_stipend) FILTER (WHERE p.total_stipend > 0),
      count(*), coalesce(sum(p.total_stipend), 0)
    INTO v_wallets, v_amounts, members, paid FROM paid_now p;

  IF paid > 0 THEN
    -- The budget was a part of the treasury when the run began; should the rest be gone by now, the members wait.
    v_treasury := ledger_fund_balance('treasury');
    IF v_treasury < paid THEN
      PERFORM ledger_refuse('CV520', 'treasury-short',
        jsonb_build_object('needed', paid::text, 'available', v_treasury::text));
    END IF;
    PERFORM ledger_move_many('STIPEND', p_at, 'JOB', v_run.period, 'stipend_run', ARRAY[v_transfer], ARRAY[p_run],
      array_fill(v_transfer, ARRAY[cardinality(v_wallets) + 1]), v_wallets || NULL::uuid,
      array_fill(NULL::text, ARRAY[cardinality(v_wallets)]) || 'treasury'::text, v_amounts || -paid);
  END IF;
END
$$;

-- Brackets of economy.md.
INSERT INTO economy_taxbracket (id, name, lower, upper, rate) VALUES
  (civitas_uuid7(now()), 'free', 0, 200, 0),
  (civitas_uuid7(now()), 'low', 200, 500, 0.02),
  (civitas_uuid7(now()), 'middle', 500, 1000, 0.05),
  (civitas_uuid7(now()), 'high', 1000, 5000, 0.10),
  (civitas_uuid7(now()), 'top', 5000, NULL, 0.15);
