DROP PROCEDURE social_tip_alone;

-- A tip that is a transaction of its own, in one round trip. On a busy post the coins are committed first and the figures
-- follow in a second transaction, which need not wait for the disk: whoever crashes between the two leaves a row in
-- social_uncountedtip, and the job that settles tips counts it.
CREATE PROCEDURE social_tip_alone(
  p_at timestamptz,
  p_spender uuid,
  p_page uuid,
  p_post uuid,
  p_comment uuid,
  p_coins numeric,
  p_to_creator numeric,
  p_to_treasury numeric,
  p_burned numeric,
  p_most numeric,
  p_window interval,
  p_channel text,
  p_key text,
  INOUT tip jsonb,
  p_minute_most integer DEFAULT NULL,
  p_day_most integer DEFAULT NULL
) LANGUAGE plpgsql AS $$
DECLARE
  v_given record;
BEGIN
  SELECT g.tip, g.is_counted INTO v_given FROM social_give_tip(p_at, p_spender, p_page, p_post, p_comment, p_coins,
    p_to_creator, p_to_treasury, p_burned, p_most, p_window, p_channel, p_key, true,
    p_minute_most, p_day_most) AS g;
  tip := to_jsonb(v_given.tip);
  IF v_given.is_counted THEN
    RETURN;
  END IF;
  COMMIT;
  PERFORM set_config('synchronous_commit', 'off', true);
  BEGIN
    PERFORM social_count_tip((v_given.tip).id);
  EXCEPTION WHEN OTHERS OR query_canceled THEN
    -- The coins have moved: whatever keeps the figures back is no reason to tell the giver that the tip failed. The job
    -- tries again, and fails loudly if it must.
    RAISE WARNING 'tip % is left uncounted: %', (v_given.tip).id, SQLERRM;
  END;
END
$$;
