-- Owes a member a notice from SQL, in the transaction in which it happens: the row that
-- accounts.notifications.operations.owe_notice writes.
CREATE FUNCTION accounts_owe_notice(
  p_at timestamptz, p_user uuid, p_type text, p_actor uuid, p_reference_type text, p_reference_id uuid, p_coins numeric,
  p_data jsonb
) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO accounts_owednotice (id, created_at, user_id, type, actor_id, reference_type, reference_id, coins, data)
    VALUES (civitas_uuid7(p_at), p_at, p_user, p_type, p_actor, p_reference_type, p_reference_id, p_coins, p_data);
END
$$;

-- Owes many members a notice at once, about nothing in particular: what a weekly run has done to each.
CREATE FUNCTION accounts_owe_notices(p_at timestamptz, p_users uuid[], p_type text, p_coins numeric[], p_data jsonb)
RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO accounts_owednotice (id, created_at, user_id, type, reference_type, coins, data)
    SELECT civitas_uuid7(p_at), p_at, one.member, p_type, '', one.coins, p_data
      FROM unnest(p_users, p_coins) AS one(member, coins);
END
$$;
