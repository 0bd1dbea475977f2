DROP TRIGGER social_tip_told ON social_tip;
DROP FUNCTION social_tell_of_tip;
