DROP VIEW v_account_wealth;
