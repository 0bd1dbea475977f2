DROP VIEW v_hot_feed;
DROP FUNCTION social_finish_decay, social_decay_chunk, social_decaying, social_remove, social_settle_tips, social_take_back;
DROP PROCEDURE social_tip_alone;
DROP FUNCTION social_give_tip, social_count_left, social_count_tip, social_count;
DROP TRIGGER social_unfollowed ON social_follow;
DROP TRIGGER social_followed ON social_follow;
DROP TRIGGER social_comment_shown ON social_comment;
DROP TRIGGER social_comments_gone ON social_comment;
DROP TRIGGER social_comments_written ON social_comment;
DROP TRIGGER social_post_shown ON social_post;
DROP TRIGGER social_posts_gone ON social_post;
DROP TRIGGER social_posts_written ON social_post;
DROP FUNCTION social_unfollowed, social_followed, social_comment_shown, social_comments_gone, social_comments_written,
  social_count_comments, social_post_shown, social_posts_gone, social_posts_written;
DROP FUNCTION social_velocity, social_left_after, social_visibility, social_hold_target, social_keep_target,
  social_lock_writer;
