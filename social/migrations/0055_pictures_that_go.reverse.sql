DROP TRIGGER social_post_pictures_go ON social_post;
DROP FUNCTION social_let_pictures_go();
