-- The tip comes back as the columns of its row: to write it as JSON and to read that took Python longer than all the rest.
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
  p_minute_most integer,
  p_day_most integer,
  OUT id uuid, OUT created_at timestamptz, OUT updated_at timestamptz, OUT spender_id uuid,
  OUT spender_page_id uuid, OUT post_id uuid, OUT comment_id uuid, OUT recipient_id uuid,
  OUT recipient_page_id uuid, OUT amount numeric, OUT to_creator numeric, OUT to_treasury numeric,
  OUT burned numeric, OUT transfer_id uuid, OUT can_unlike_until timestamptz, OUT unliked_at timestamptz,
  OUT settled_at timestamptz
) LANGUAGE plpgsql AS $$
DECLARE
  v_given record;
BEGIN
  SELECT g.tip, g.is_counted INTO v_given FROM social_give_tip(p_at, p_spender, p_page, p_post, p_comment,
    p_coins, p_to_creator, p_to_treasury, p_burned, p_most, p_window, p_channel, p_key, true, p_minute_most, p_day_most) AS g;
  id := (v_given.tip).id;
  created_at := (v_given.tip).created_at;
  updated_at := (v_given.tip).updated_at;
  spender_id := (v_given.tip).spender_id;
  spender_page_id := (v_given.tip).spender_page_id;
  post_id := (v_given.tip).post_id;
  comment_id := (v_given.tip).comment_id;
  recipient_id := (v_given.tip).recipient_id;
  recipient_page_id := (v_given.tip).recipient_page_id;
  amount := (v_given.tip).amount;
  to_creator := (v_given.tip).to_creator;
  to_treasury := (v_given.tip).to_treasury;
  burned := (v_given.tip).burned;
  transfer_id := (v_given.tip).transfer_id;
  can_unlike_until := (v_given.tip).can_unlike_until;
  unliked_at := (v_given.tip).unliked_at;
  settled_at := (v_given.tip).settled_at;
  IF v_given.is_counted THEN
    RETURN;
  END IF;
  COMMIT;
  PERFORM set_config('synchronous_commit', 'off', true);
  BEGIN
    PERFORM social_count_tip(id);
  EXCEPTION WHEN OTHERS OR query_canceled THEN
    -- The coins have moved: whatever keeps the figures back is no reason to tell the giver that the tip failed. The job
    -- tries again, and fails loudly if it must.
    RAISE WARNING 'tip % is left uncounted: %', id, SQLERRM;
  END;
END
$$;
