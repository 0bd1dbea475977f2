-- A run of the queue as one statement over the hot level: what earned 5.00 coins of two members within its day stays with fresh time,
-- the rest drops a level. Variable at.
WITH due AS MATERIALIZED (
  SELECT p.id, p.queue_entered_at FROM social_post p
    WHERE p.deleted_at IS NULL AND p.queue_level IN (0, 1, 2) AND p.queue_level = 0
      AND p.queue_entered_at <= :'at'::timestamptz - interval '24 hours'
), earned AS (
  SELECT t.post_id, sum(t.amount) AS coins, count(DISTINCT t.spender_id) AS spenders
    FROM social_tip t JOIN due ON due.id = t.post_id
    WHERE t.unliked_at IS NULL AND t.created_at >= due.queue_entered_at
      AND t.created_at < due.queue_entered_at + interval '24 hours'
    GROUP BY t.post_id
)
UPDATE social_post p SET
    queue_level = CASE WHEN e.coins >= 5 AND e.spenders >= 2 THEN 0 ELSE 1 END,
    queue_entered_at = due.queue_entered_at + interval '24 hours',
    last_queue_demotion_at = CASE WHEN e.coins >= 5 AND e.spenders >= 2 THEN p.last_queue_demotion_at
      ELSE due.queue_entered_at + interval '24 hours' END
  FROM due LEFT JOIN earned e ON e.post_id = due.id
  WHERE p.id = due.id;
