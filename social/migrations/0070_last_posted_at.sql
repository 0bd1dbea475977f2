-- Counts posts with their writers and pages, and keeps when each writer last posted. Who last posted before this is told apart from
-- who never has by the count.
CREATE OR REPLACE FUNCTION social_posts_written() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE accounts_user u SET posts_created_count = u.posts_created_count + n.posts,
      last_posted_at = greatest(u.last_posted_at, n.last_at)
    FROM (SELECT w.user_id, count(*) AS posts, max(w.created_at) AS last_at FROM written w GROUP BY w.user_id) AS n WHERE u.id = n.user_id;
  UPDATE accounts_page g SET posts_count = g.posts_count + n.posts
    FROM (
      SELECT w.page_id, count(*) AS posts FROM written w
        WHERE w.deleted_at IS NULL AND w.status = 'PUBLISHED' GROUP BY w.page_id
    ) AS n
    WHERE g.id = n.page_id;
  RETURN NULL;
END
$$;
