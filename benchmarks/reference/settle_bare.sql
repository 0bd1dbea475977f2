-- Settles every tip that is due at :'at', in one transaction and without looking left or right: the rows that settlement writes,
-- those of the vault with them, under the same constraints. Nobody else may tip, take back or settle meanwhile.
BEGIN;
CREATE TEMP TABLE due ON COMMIT DROP AS
  SELECT t.id, t.amount, t.to_creator, t.to_treasury, t.burned, t.recipient_page_id, w.id AS wallet, uuidv7() AS transfer,
      row_number() OVER chain AS step, sum(t.to_creator) OVER chain AS upto, trunc(t.to_creator * 0.10, 2) AS vaulted,
      uuidv7() AS lock
    FROM social_tip t JOIN accounts_wallet w ON w.user_id = t.recipient_id
    WHERE t.unliked_at IS NULL AND t.settled_at IS NULL AND t.can_unlike_until <= :'at'::timestamptz
    WINDOW chain AS (PARTITION BY w.id ORDER BY t.id);
-- Ids of the month of :'at', as the ledger's tables need them.
UPDATE due SET transfer = civitas_uuid7(:'at'::timestamptz), lock = civitas_uuid7(:'at'::timestamptz);
ANALYZE due;

INSERT INTO economy_transfer (id, created_at, kind, trigger, channel, description, metadata, reference_type, reference_id)
  SELECT d.transfer, :'at'::timestamptz, 'TIP_SETTLEMENT', 'tip_settlement:tip', 'JOB', '', '{}', 'tip', d.id FROM due d;
INSERT INTO economy_posting (id, created_at, transfer_id, wallet_id, fund, kind, amount, balance_before, balance_after, lock_version)
  SELECT civitas_uuid7_beside(d.transfer), :'at'::timestamptz, d.transfer, part.wallet, part.fund, 'TIP_SETTLEMENT', part.amount,
      CASE WHEN part.fund IS NULL THEN w.balance + d.upto - d.to_creator END,
      CASE WHEN part.fund IS NULL THEN w.balance + d.upto END, CASE WHEN part.fund IS NULL THEN w.lock_version + d.step END
    FROM due d JOIN accounts_wallet w ON w.id = d.wallet
    CROSS JOIN LATERAL (VALUES
      (NULL::uuid, 'content', -d.amount), (d.wallet, NULL, d.to_creator), (NULL, 'treasury', d.to_treasury),
      (NULL, 'burned', d.burned)
    ) AS part(wallet, fund, amount);
INSERT INTO economy_lock (id, created_at, updated_at, wallet_id, kind, amount, unlock_at, reference_type, reference_id)
  SELECT d.lock, :'at'::timestamptz, :'at'::timestamptz, d.wallet, 'vault', d.vaulted, :'at'::timestamptz + interval '30 days',
      'vault', d.lock
    FROM due d WHERE d.vaulted > 0;
INSERT INTO economy_vaultdeposit (id, created_at, updated_at, wallet_id, lock_id, source_transfer_id, source_kind, amount, unlock_at)
  SELECT d.lock, :'at'::timestamptz, :'at'::timestamptz, d.wallet, d.lock, d.transfer, 'TIP_SETTLEMENT', d.vaulted,
      :'at'::timestamptz + interval '30 days'
    FROM due d WHERE d.vaulted > 0;
UPDATE accounts_wallet w SET balance = w.balance + s.coins, locked_balance = w.locked_balance + s.vaulted,
    lock_version = w.lock_version + s.steps, total_earned = w.total_earned + s.coins, last_activity = :'at'::timestamptz
  FROM (SELECT wallet, sum(to_creator) AS coins, sum(vaulted) AS vaulted, count(*) + count(*) FILTER (WHERE vaulted > 0) AS steps
    FROM due GROUP BY wallet) AS s WHERE w.id = s.wallet;
INSERT INTO economy_fundentry (fund, amount)
  SELECT u.fund, u.amount FROM (
    SELECT sum(amount) AS amount, sum(to_treasury) AS treasury, sum(burned) AS burned FROM due
  ) AS s CROSS JOIN LATERAL (VALUES ('content', -s.amount), ('treasury', s.treasury), ('burned', s.burned)) AS u(fund, amount);
UPDATE social_tip t SET settled_at = :'at'::timestamptz FROM due d WHERE t.id = d.id;
UPDATE accounts_page g SET total_tokens_earned = g.total_tokens_earned + s.coins
  FROM (SELECT recipient_page_id, sum(to_creator) AS coins FROM due GROUP BY recipient_page_id) AS s
  WHERE g.id = s.recipient_page_id;
COMMIT;
