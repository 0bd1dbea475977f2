DROP FUNCTION social_settle_tips(timestamptz, integer, numeric, interval);

-- Settles tips whose window is over, at most p_chunk of them: content → creator, treasury, burned. How many.
CREATE FUNCTION social_settle_tips(p_at timestamptz, p_chunk integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  v_due uuid[];
  v_wallets uuid[];
  v_transfers uuid[];
BEGIN
  -- Two jobs at once take turns, chunk by chunk, instead of settling half of each other's chunk.
  PERFORM pg_advisory_xact_lock(hashtextextended('social_settle_tips', 0));
  SELECT array_agg(due.id), array_agg(DISTINCT w.id) INTO v_due, v_wallets
    FROM (
      SELECT t.id, t.recipient_id FROM social_tip t
        WHERE t.unliked_at IS NULL AND t.settled_at IS NULL AND t.can_unlike_until <= p_at
        ORDER BY t.can_unlike_until LIMIT p_chunk
    ) AS due
    JOIN accounts_wallet w ON w.user_id = due.recipient_id;
  IF v_due IS NULL THEN
    RETURN 0;
  END IF;

  PERFORM ledger_lock_wallets(v_wallets);
  -- A tip that someone is taking back at this moment is theirs; if they let go of it, the next run settles it.
  SELECT array_agg(mine.id ORDER BY mine.id), array_agg(civitas_uuid7(p_at) ORDER BY mine.id) INTO v_due, v_transfers
    FROM (
      SELECT t.id FROM social_tip t
        WHERE t.id = ANY (v_due) AND t.unliked_at IS NULL AND t.settled_at IS NULL
        ORDER BY t.id FOR NO KEY UPDATE SKIP LOCKED
    ) AS mine;
  IF v_due IS NULL THEN
    RETURN 0;
  END IF;

  PERFORM ledger_move_many('TIP_SETTLEMENT', p_at, 'JOB', '', 'tip', v_transfers, v_due,
      array_agg(leg.transfer ORDER BY leg.place, leg.part), array_agg(leg.wallet ORDER BY leg.place, leg.part),
      array_agg(leg.fund ORDER BY leg.place, leg.part), array_agg(leg.amount ORDER BY leg.place, leg.part))
    FROM (
      SELECT u.transfer, u.place, part.part, part.wallet, part.fund, part.amount
        FROM unnest(v_due, v_transfers) WITH ORDINALITY AS u(tip, transfer, place)
        JOIN social_tip t ON t.id = u.tip
        JOIN accounts_wallet w ON w.user_id = t.recipient_id
        CROSS JOIN LATERAL (VALUES
          (1, NULL::uuid, 'content', -t.amount),
          (2, w.id, NULL, t.to_creator),
          (3, NULL, 'treasury', t.to_treasury),
          (4, NULL, 'burned', t.burned)
        ) AS part(part, wallet, fund, amount)
    ) AS leg;

  UPDATE social_tip t SET settled_at = p_at WHERE t.id = ANY (v_due);

  PERFORM 1 FROM accounts_page g WHERE g.id IN (SELECT t.recipient_page_id FROM social_tip t WHERE t.id = ANY (v_due))
    ORDER BY g.id FOR NO KEY UPDATE;
  UPDATE accounts_page g SET total_tokens_earned = g.total_tokens_earned + earned.coins
    FROM (
      SELECT t.recipient_page_id, sum(t.to_creator) AS coins FROM social_tip t
        WHERE t.id = ANY (v_due) GROUP BY t.recipient_page_id
    ) AS earned
    WHERE g.id = earned.recipient_page_id;
  RETURN cardinality(v_due);
END
$$;
