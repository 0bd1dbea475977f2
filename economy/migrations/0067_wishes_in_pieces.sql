-- Half of each page is left to the row's second version: paying a stipend writes every row of a run once more, and stays on
-- its page, with no index touched, when there is room.
ALTER TABLE economy_stipenddistribution SET (fillfactor = 50);

-- Writes what `pg_temp.economy_stipend_wishes` (place, wallet, base, engagement, new_member, coins) holds as rows of a run that
-- are owed; how many they are and what they want in all. One transaction, but a statement per p_chunk rows, each with its
-- foreign keys checked at once: a list of checks that waits for the commit would take memory for every member.
CREATE FUNCTION economy_stipend_owe(
  p_run uuid, p_at timestamptz, p_chunk integer DEFAULT 10000, OUT members bigint, OUT wanted numeric
) LANGUAGE plpgsql AS $$
DECLARE
  v_after bigint := 0;
BEGIN
  SELECT count(*), coalesce(sum(w.base + w.engagement + w.new_member), 0.00) INTO members, wanted
    FROM economy_stipend_wishes w;
  SET CONSTRAINTS ALL IMMEDIATE;
  WHILE v_after < members LOOP
    INSERT INTO economy_stipenddistribution (id, created_at, run_id, wallet_id, wanted_base, wanted_engagement,
        wanted_new_member, base_stipend, engagement_bonus, new_user_bonus, total_stipend, was_active,
        tokens_earned_last_week)
      SELECT civitas_uuid7(p_at), p_at, p_run, w.wallet, w.base, w.engagement, w.new_member, 0, 0, 0, 0, true, w.coins
        FROM economy_stipend_wishes w WHERE w.place > v_after AND w.place <= v_after + p_chunk;
    v_after := v_after + p_chunk;
  END LOOP;
END
$$;
