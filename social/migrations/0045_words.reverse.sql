DROP TRIGGER social_filed_shown ON social_post;
DROP TRIGGER social_unfiled ON social_posttag;
DROP TRIGGER social_filed ON social_posttag;
DROP FUNCTION social_filed_shown();
DROP FUNCTION social_unfiled();
DROP FUNCTION social_filed();
DROP FUNCTION social_count_filed(uuid[], integer[]);
DROP FUNCTION social_file_post(timestamptz, uuid, text[]);
