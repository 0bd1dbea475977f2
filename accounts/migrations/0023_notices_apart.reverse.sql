DROP FUNCTION accounts_tells_of_apart(uuid, jsonb);
