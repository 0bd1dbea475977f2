DROP FUNCTION social_give_boost(timestamptz, uuid, uuid, numeric, interval, integer, text, text);
