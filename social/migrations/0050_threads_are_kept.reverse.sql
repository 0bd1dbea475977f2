DROP TRIGGER social_comment_rooted ON social_comment;
DROP FUNCTION social_comment_rooted;
