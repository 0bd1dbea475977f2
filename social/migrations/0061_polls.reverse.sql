DROP FUNCTION social_close_polls(timestamptz, integer);
DROP TRIGGER social_poll_voted ON social_pollvote;
DROP FUNCTION social_poll_voted();
