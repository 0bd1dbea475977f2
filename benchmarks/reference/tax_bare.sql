-- The tax of one week as one transaction of plain statements that write the same rows into the same tables, with the same
-- constraints and triggers, but lock everybody at once: variables period, start, end, at.
BEGIN;
INSERT INTO economy_taxrun (id, created_at, updated_at, period, status, period_start, period_end, basis, brackets, members,
    payers, total_base, total_tax, finished_at)
  SELECT civitas_uuid7(:'at'::timestamptz), :'at'::timestamptz, :'at'::timestamptz, :'period', 'DONE', :'start'::timestamptz, :'end'::timestamptz, 'average', '[]', 0, 0, 0, 0, :'at'::timestamptz;

CREATE TEMP TABLE due ON COMMIT DROP AS
  SELECT held.id AS wallet, held.balance, held.lock_version, held.base, b.name AS bracket,
      least(trunc(sum((least(held.base, coalesce(part.upper, held.base)) - part.lower) * part.rate), 2),
        held.balance - held.locked_balance) AS tax
    FROM (
      SELECT w.id, w.balance, w.locked_balance, w.lock_version, trunc(w.balance - coalesce(moved.weighed, 0), 2) AS base
        FROM accounts_wallet w
        LEFT JOIN (
          SELECT p.wallet_id, sum(p.amount * CASE WHEN p.created_at >= :'end'::timestamptz THEN 1
                ELSE extract(epoch FROM p.created_at - :'start'::timestamptz) / 604800 END) AS weighed
            FROM economy_posting p
            WHERE p.id >= civitas_first_id(:'start'::timestamptz) AND p.wallet_id IS NOT NULL GROUP BY p.wallet_id
        ) AS moved ON moved.wallet_id = w.id
        WHERE w.created_at < :'end'::timestamptz
    ) AS held
    JOIN economy_taxbracket part ON part.lower < held.base
    JOIN economy_taxbracket b ON b.lower < held.base AND (b.upper IS NULL OR held.base <= b.upper)
    GROUP BY held.id, held.balance, held.locked_balance, held.lock_version, held.base, b.name;
ANALYZE due;

INSERT INTO economy_transfer (id, created_at, kind, trigger, channel, description, metadata, reference_type, reference_id)
  SELECT civitas_uuid7(:'at'::timestamptz), :'at'::timestamptz, 'TAX', 'tax:tax_run', 'JOB', :'period', '{}', 'tax_run', r.id
    FROM economy_taxrun r WHERE r.period = :'period';

INSERT INTO economy_posting (id, created_at, transfer_id, wallet_id, fund, kind, amount, balance_before, balance_after,
    lock_version)
  SELECT civitas_uuid7_beside(t.id), :'at'::timestamptz, t.id, due.wallet, NULL, 'TAX', -due.tax, due.balance, due.balance - due.tax,
      due.lock_version + 1
    FROM due, economy_transfer t WHERE due.tax > 0 AND t.kind = 'TAX' AND t.created_at = :'at'::timestamptz
  UNION ALL
  SELECT civitas_uuid7_beside(t.id), :'at'::timestamptz, t.id, NULL, 'treasury', 'TAX', (SELECT sum(tax) FROM due), NULL, NULL, NULL
    FROM economy_transfer t WHERE t.kind = 'TAX' AND t.created_at = :'at'::timestamptz;

INSERT INTO economy_taxcollection (id, created_at, run_id, wallet_id, transfer_id, base, balance_before, tokens_taxed,
    balance_after, tax_bracket, tax_rate)
  SELECT civitas_uuid7(:'at'::timestamptz), :'at'::timestamptz, r.id, due.wallet, CASE WHEN due.tax > 0 THEN t.id END, due.base, due.balance,
      due.tax, due.balance - due.tax, due.bracket, round(due.tax / due.base, 4)
    FROM due, economy_taxrun r, economy_transfer t
    WHERE r.period = :'period' AND t.kind = 'TAX' AND t.created_at = :'at'::timestamptz;

UPDATE accounts_wallet w SET balance = w.balance - due.tax, lock_version = w.lock_version + 1,
    total_tax_paid = w.total_tax_paid + due.tax, last_tax_collected_at = :'at'::timestamptz, last_activity = :'at'::timestamptz
  FROM due WHERE w.id = due.wallet AND due.tax > 0;

INSERT INTO economy_fundentry (fund, amount) SELECT 'treasury', sum(tax) FROM due;

UPDATE economy_taxrun r SET payers = c.payers, total_base = c.base, total_tax = c.tax,
    members = (SELECT count(*) FROM accounts_wallet w WHERE w.created_at < r.period_end)
  FROM (SELECT count(*) FILTER (WHERE tax > 0) AS payers, sum(base) AS base, sum(tax) AS tax FROM due) AS c
  WHERE r.period = :'period';
COMMIT;
