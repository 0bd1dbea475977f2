DROP TRIGGER social_tip_apart ON social_tip;
DROP FUNCTION social_refuse_apart;
