-- Bounties count like tips: what is promised is spent, what comes back is not, what a chosen answer brings is earned.

-- Coins ever earned from others, less rewards that were taken back.
CREATE OR REPLACE FUNCTION ledger_earned(kind text, amount numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN kind = 'REWARD' OR amount > 0 AND kind IN ('TIP_SETTLEMENT', 'BOUNTY_AWARD', 'COMMENT_FEE', 'GIFT',
    'SALE_SETTLEMENT', 'TREASURY_PAYMENT') THEN amount ELSE 0 END
$$;

-- Coins ever spent on others, less what came back.
CREATE OR REPLACE FUNCTION ledger_spent(kind text, amount numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN amount < 0 AND kind IN ('TIP', 'BOUNTY', 'COMMENT_FEE', 'POST_FEE', 'BOOST', 'GIFT', 'PURCHASE') THEN -amount
    WHEN amount > 0 AND kind IN ('TIP_REFUND', 'BOUNTY_RETURN', 'PURCHASE_REFUND') THEN -amount
    ELSE 0 END
$$;
