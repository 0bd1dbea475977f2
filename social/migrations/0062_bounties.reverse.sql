DROP FUNCTION social_return_bounties(timestamptz, integer, uuid);
DROP FUNCTION social_award_bounty(timestamptz, uuid, uuid, uuid, text);
DROP FUNCTION social_offer_bounty(timestamptz, uuid, uuid, numeric, timestamptz, text);

-- Removes a post or a comment (social_remove) and owes those whose tips went back a notice of the coins. How many went back.
CREATE OR REPLACE FUNCTION social_remove_and_tell(
  p_at timestamptz, p_remover uuid, p_is_moderator boolean, p_post uuid, p_comment uuid, p_channel text
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  v_back integer := social_remove(p_at, p_remover, p_is_moderator, p_post, p_comment, p_channel);
BEGIN
  IF v_back > 0 THEN
    PERFORM accounts_owe_notices(p_at, array_agg(back.member), 'refund', array_agg(back.coins), '{}')
      FROM (
        SELECT t.spender_id AS member, sum(t.amount) AS coins FROM social_tip t
          WHERE (t.post_id = p_post OR t.comment_id = p_comment) AND t.unliked_at = p_at
          GROUP BY t.spender_id
      ) AS back;
  END IF;
  RETURN v_back;
END
$$;

DROP FUNCTION social_give_bounties_back(timestamptz, uuid[], text);
DROP FUNCTION social_show_bounties(uuid[]);
