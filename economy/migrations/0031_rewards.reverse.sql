DROP TRIGGER audit_changed ON economy_rewardrule;
DROP FUNCTION economy_take_back_rewards(timestamptz, integer);
DROP FUNCTION economy_pay_rewards(timestamptz, integer);
DROP FUNCTION economy_reward_refused(economy_reward);
CREATE OR REPLACE FUNCTION ledger_earned(kind text, amount numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN amount > 0 AND kind IN ('TIP_SETTLEMENT', 'COMMENT_FEE', 'GIFT', 'REWARD', 'SALE_SETTLEMENT',
    'TREASURY_PAYMENT') THEN amount ELSE 0 END
$$;
