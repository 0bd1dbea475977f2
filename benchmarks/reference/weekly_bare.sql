-- Tax and stipend of one week as one transaction of plain statements that write the same rows into the same tables, with the
-- same constraints and triggers, but lock everybody at once and cannot go on where they were cut off: variables period, start,
-- end, at. Figures of the stipend are the defaults of the settings.
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
    members = (SELECT count(*) FROM accounts_wallet w WHERE w.created_at < r.period_end), by_bracket = c.by_bracket
  FROM (
    SELECT sum(payers) AS payers, sum(base) AS base, sum(tax) AS tax, jsonb_object_agg(bracket, members) AS by_bracket
      FROM (SELECT bracket, count(*) AS members, count(*) FILTER (WHERE tax > 0) AS payers, sum(base) AS base, sum(tax) AS tax
        FROM due GROUP BY bracket) AS one
  ) AS c
  WHERE r.period = :'period';

CREATE TEMP TABLE wish ON COMMIT DROP AS
  WITH pair AS (
    SELECT least(t.spender_id, t.recipient_id) AS one, greatest(t.spender_id, t.recipient_id) AS other,
        sum(CASE WHEN t.recipient_id > t.spender_id THEN t.to_creator ELSE -t.to_creator END) AS to_other
      FROM social_tip t WHERE t.settled_at >= :'start'::timestamptz AND t.settled_at < :'end'::timestamptz GROUP BY 1, 2
  ), counted AS (
    SELECT CASE WHEN to_other > 0 THEN other ELSE one END AS member, sum(least(abs(to_other), 10)) AS coins
      FROM pair WHERE to_other <> 0 GROUP BY 1
  )
  SELECT w.id AS wallet, w.balance, w.lock_version, 10.00 AS base, least(trunc(coalesce(c.coins, 0) * 0.10, 2), 5.00) AS engagement,
      CASE WHEN u.created_at >= :'end'::timestamptz - interval '28 days'
        THEN greatest(6 - ceil(extract(epoch FROM :'end'::timestamptz - u.created_at) / 604800), 0) ELSE 0 END AS new_member,
      coalesce(c.coins, 0) AS coins
    FROM accounts_user u
    JOIN accounts_wallet w ON w.user_id = u.id
    JOIN (
      SELECT DISTINCT a.user_id FROM accounts_useractivity a
        WHERE a.day >= :'start'::timestamptz::date AND a.day < :'end'::timestamptz::date
    ) AS active ON active.user_id = u.id
    LEFT JOIN counted c ON c.member = u.id
    WHERE u.status = 'ACTIVE' AND u.phone_verified_at IS NOT NULL AND u.created_at < :'end'::timestamptz;

INSERT INTO economy_stipendrun (id, created_at, updated_at, period, status, period_start, period_end, treasury_before, budget,
    members, total_wanted, scale, total_paid, finished_at)
  SELECT civitas_uuid7(:'at'::timestamptz), :'at'::timestamptz, :'at'::timestamptz, :'period', 'DONE', :'start'::timestamptz, :'end'::timestamptz, t.held,
      trunc(t.held * 0.5, 2), w.members, w.total, least(1, trunc(t.held * 0.5, 2) / w.total), 0, :'at'::timestamptz
    FROM (SELECT ledger_fund_balance('treasury') AS held) AS t,
      (SELECT count(*) AS members, sum(base + engagement + new_member) AS total FROM wish) AS w;

CREATE TEMP TABLE pay ON COMMIT DROP AS
  SELECT wish.*, parts.*, parts.paid_base + parts.paid_engagement + parts.paid_new AS total
    FROM wish, economy_stipendrun r CROSS JOIN LATERAL (SELECT
      economy_scaled(wish.base, r.budget, r.total_wanted) AS paid_base,
      economy_scaled(wish.engagement, r.budget, r.total_wanted) AS paid_engagement,
      economy_scaled(wish.new_member, r.budget, r.total_wanted) AS paid_new) AS parts
    WHERE r.period = :'period';
ANALYZE pay;

INSERT INTO economy_transfer (id, created_at, kind, trigger, channel, description, metadata, reference_type, reference_id)
  SELECT civitas_uuid7(:'at'::timestamptz), :'at'::timestamptz, 'STIPEND', 'stipend:stipend_run', 'JOB', :'period', '{}', 'stipend_run', r.id
    FROM economy_stipendrun r WHERE r.period = :'period';

INSERT INTO economy_posting (id, created_at, transfer_id, wallet_id, fund, kind, amount, balance_before, balance_after,
    lock_version)
  SELECT civitas_uuid7_beside(t.id), :'at'::timestamptz, t.id, pay.wallet, NULL, 'STIPEND', pay.total, pay.balance,
      pay.balance + pay.total, pay.lock_version + 1
    FROM pay, economy_transfer t WHERE pay.total > 0 AND t.kind = 'STIPEND' AND t.created_at = :'at'::timestamptz
  UNION ALL
  SELECT civitas_uuid7_beside(t.id), :'at'::timestamptz, t.id, NULL, 'treasury', 'STIPEND', -(SELECT sum(total) FROM pay), NULL, NULL, NULL
    FROM economy_transfer t WHERE t.kind = 'STIPEND' AND t.created_at = :'at'::timestamptz;

INSERT INTO economy_stipenddistribution (id, created_at, run_id, wallet_id, transfer_id, wanted_base, wanted_engagement,
    wanted_new_member, base_stipend, engagement_bonus, new_user_bonus, total_stipend, was_active, tokens_earned_last_week, paid_at)
  SELECT civitas_uuid7(:'at'::timestamptz), :'at'::timestamptz, r.id, pay.wallet, t.id, pay.base, pay.engagement, pay.new_member,
      pay.paid_base, pay.paid_engagement, pay.paid_new, pay.total, true, pay.coins, :'at'::timestamptz
    FROM pay, economy_stipendrun r, economy_transfer t
    WHERE r.period = :'period' AND t.kind = 'STIPEND' AND t.created_at = :'at'::timestamptz;

UPDATE accounts_wallet w SET balance = w.balance + pay.total, lock_version = w.lock_version + 1,
    total_stipend_received = w.total_stipend_received + pay.total, last_stipend_received_at = :'at'::timestamptz,
    last_activity = :'at'::timestamptz
  FROM pay WHERE w.id = pay.wallet AND pay.total > 0;

INSERT INTO economy_fundentry (fund, amount) SELECT 'treasury', -sum(total) FROM pay;

UPDATE economy_stipendrun r SET total_paid = s.total, total_base = s.base, total_engagement = s.engagement,
    total_new_member = s.new_member
  FROM (SELECT sum(total) AS total, sum(paid_base) AS base, sum(paid_engagement) AS engagement, sum(paid_new) AS new_member FROM pay) AS s
  WHERE r.period = :'period';
COMMIT;
