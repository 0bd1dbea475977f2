-- The tax of one week by the same SQL as ours, without Python: variables period, start, end, at, chunk.
INSERT INTO economy_taxrun (id, created_at, updated_at, period, status, period_start, period_end, basis, brackets, members,
    payers, total_base, total_tax)
  SELECT civitas_uuid7(:'at'::timestamptz), :'at'::timestamptz, :'at'::timestamptz, :'period', 'RUNNING', :'start'::timestamptz, :'end'::timestamptz, 'average',
      jsonb_agg(to_jsonb(b) ORDER BY b.lower), 0, 0, 0, 0
    FROM economy_taxbracket b;

SELECT set_config('bench.period', :'period', false), set_config('bench.at', :'at', false),
  set_config('bench.chunk', :'chunk', false) \g /dev/null

DO $$
DECLARE
  v_run uuid := (SELECT id FROM economy_taxrun WHERE period = current_setting('bench.period'));
  v_chunk bigint := current_setting('bench.chunk')::bigint;
  v_total bigint := economy_tax_assess(v_run);
  v_after bigint := 0;
BEGIN
  COMMIT;
  WHILE v_after < v_total LOOP
    PERFORM economy_tax_collect(v_run, v_after, v_after + v_chunk, current_setting('bench.at')::timestamptz);
    COMMIT;
    v_after := v_after + v_chunk;
  END LOOP;
END
$$;

UPDATE economy_taxrun r SET status = 'DONE', finished_at = :'at'::timestamptz, payers = c.payers, total_base = c.base, total_tax = c.tax,
    members = (SELECT count(*) FROM accounts_wallet w WHERE w.created_at < r.period_end)
  FROM (
    SELECT count(*) FILTER (WHERE t.tokens_taxed > 0) AS payers, sum(t.base) AS base, sum(t.tokens_taxed) AS tax
      FROM economy_taxcollection t JOIN economy_taxrun one ON one.id = t.run_id WHERE one.period = :'period'
  ) AS c
  WHERE r.period = :'period';
