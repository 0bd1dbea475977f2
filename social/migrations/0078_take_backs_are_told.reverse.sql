DROP TRIGGER social_take_back_told ON social_tip;
DROP FUNCTION social_tell_of_take_back();
