-- Nobody sets anything aside (0071_set_aside.sql of economy).
CREATE OR REPLACE FUNCTION economy_set_aside(p_start timestamptz, p_wallet uuid)
RETURNS TABLE (wallet uuid, coins numeric, since timestamptz, until timestamptz)
LANGUAGE sql STABLE AS $$
  SELECT NULL::uuid, NULL::numeric, NULL::timestamptz, NULL::timestamptz WHERE false
$$;
