-- Polls. Whoever votes holds the poll's row; its answers and its post come after it.

-- Counts votes, one by one under the poll's lock. An answer of another poll is none, and what is over stays as it is.
CREATE FUNCTION social_poll_voted() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  v_poll uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.poll_id ELSE NEW.poll_id END;
  v_closed timestamptz;
BEGIN
  SELECT p.closed_at INTO v_closed FROM social_poll p WHERE p.id = v_poll FOR NO KEY UPDATE;
  IF TG_OP <> 'DELETE' AND v_closed IS NOT NULL THEN
    PERFORM ledger_refuse('CV530', 'poll-over', '{}');
  END IF;
  IF TG_OP <> 'INSERT' THEN
    UPDATE social_polloption o SET votes_count = greatest(o.votes_count - 1, 0) WHERE o.id = OLD.option_id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    UPDATE social_polloption o SET votes_count = o.votes_count + 1 WHERE o.id = NEW.option_id AND o.poll_id = NEW.poll_id;
    IF NOT FOUND THEN
      PERFORM ledger_refuse('CV404', 'not-found', '{}');
    END IF;
  END IF;
  IF TG_OP <> 'UPDATE' THEN
    UPDATE social_poll p SET voters_count = greatest(p.voters_count + CASE WHEN TG_OP = 'INSERT' THEN 1 ELSE -1 END, 0)
      WHERE p.id = v_poll;
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION social_poll_voted() IS
  'Keeps the counts of a poll and of its answers; refuses votes in a poll that is closed, and for answers of another one.';

CREATE TRIGGER social_poll_voted AFTER INSERT OR DELETE OR UPDATE OF poll_id, option_id ON social_pollvote
  FOR EACH ROW EXECUTE FUNCTION social_poll_voted();

-- Closes polls whose time is up, at most p_most: their results stand, cards show them, and their authors and voters are owed a
-- notice. How many. A poll in which somebody is voting at this moment is left to the next run, which then counts that vote.
CREATE FUNCTION social_close_polls(p_at timestamptz, p_most integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  v_due uuid[];
BEGIN
  SELECT array_agg(due.id) INTO v_due
    FROM (
      SELECT p.id FROM social_poll p WHERE p.closed_at IS NULL AND p.ends_at <= p_at
        ORDER BY p.ends_at LIMIT p_most FOR NO KEY UPDATE SKIP LOCKED
    ) AS due;
  IF v_due IS NULL THEN
    RETURN 0;
  END IF;
  UPDATE social_poll p SET closed_at = p_at WHERE p.id = ANY (v_due);

  PERFORM 1 FROM social_post s WHERE s.id IN (SELECT p.post_id FROM social_poll p WHERE p.id = ANY (v_due))
    ORDER BY s.id FOR NO KEY UPDATE;
  UPDATE social_post s SET carries = jsonb_set(s.carries, '{poll}', s.carries -> 'poll'
      || jsonb_build_object('voters', told.voters, 'options', told.options))
    FROM (
      SELECT p.post_id, p.voters_count AS voters, jsonb_agg(jsonb_build_object('id', o.id, 'text', o.text, 'votes', o.votes_count,
          'share', round(o.votes_count::numeric / greatest(p.voters_count, 1), 3)) ORDER BY o.place) AS options
        FROM social_poll p JOIN social_polloption o ON o.poll_id = p.id
        WHERE p.id = ANY (v_due) GROUP BY p.id
    ) AS told
    WHERE s.id = told.post_id AND s.carries ? 'poll';

  -- The answer with the most votes, when it is one alone.
  INSERT INTO accounts_owednotice (id, created_at, user_id, type, reference_type, reference_id, data)
    SELECT civitas_uuid7(p_at), p_at, heard.user_id, 'poll', 'post', s.id,
        jsonb_build_object('is_own', heard.user_id = s.user_id, 'voters', p.voters_count)
          || CASE WHEN best.is_alone THEN jsonb_build_object('answer', best.text, 'votes', best.votes) ELSE '{}' END
      FROM social_poll p
      JOIN social_post s ON s.id = p.post_id AND s.deleted_at IS NULL
      CROSS JOIN LATERAL (
        SELECT s.user_id UNION SELECT v.user_id FROM social_pollvote v WHERE v.poll_id = p.id
      ) AS heard
      CROSS JOIN LATERAL (
        SELECT o.text, o.votes_count AS votes, o.votes_count > coalesce(lead(o.votes_count) OVER by_votes, 0) AS is_alone
          FROM social_polloption o WHERE o.poll_id = p.id
          WINDOW by_votes AS (ORDER BY o.votes_count DESC, o.place)
          ORDER BY o.votes_count DESC, o.place LIMIT 1
      ) AS best
      WHERE p.id = ANY (v_due);
  RETURN cardinality(v_due);
END
$$;
COMMENT ON FUNCTION social_close_polls(timestamptz, integer) IS
  'Closes polls whose time is up, puts their results on the cards of their posts and owes notices; how many.';
