-- What is given away otherwise than as a gift counts among the gifts of its day.

-- Counts coins that reach another member by their owner's choice, but from elsewhere than the wallet, among the gifts of the day,
-- as ledger_move does for gifts: on the wallet, whose lock this takes. Whoever has more to lock does so before.
CREATE FUNCTION ledger_count_given(p_wallet uuid, p_at timestamptz, p_coins numeric, p_daily_most numeric) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_day date := (p_at AT TIME ZONE 'UTC')::date;
  -- At the end of a day one of the next may have been faster: it began the count that both belong to.
  v_day_soon date := ((p_at + interval '1 minute') AT TIME ZONE 'UTC')::date;
  v_given numeric;
BEGIN
  UPDATE accounts_wallet w SET
      gifts_on = CASE WHEN w.gifts_on = v_day_soon THEN w.gifts_on ELSE v_day END,
      gifts_coins = CASE WHEN w.gifts_on IN (v_day, v_day_soon) THEN w.gifts_coins + p_coins ELSE p_coins END
    WHERE w.id = p_wallet RETURNING w.gifts_coins INTO STRICT v_given;
  -- What is refused here takes its own count along.
  IF v_given > p_daily_most THEN
    PERFORM ledger_refuse('CV429', 'daily-limit', jsonb_build_object('most', p_daily_most::text,
      'left', greatest(p_daily_most - v_given + p_coins, 0)::text));
  END IF;
END
$$;
COMMENT ON FUNCTION ledger_count_given(uuid, timestamptz, numeric, numeric) IS
  'Counts coins given away otherwise than from the wallet among the gifts of the day, and refuses what is too much.';
