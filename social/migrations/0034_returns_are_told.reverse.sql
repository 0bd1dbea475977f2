DROP FUNCTION social_remove_and_tell(timestamptz, uuid, boolean, uuid, uuid, text);
