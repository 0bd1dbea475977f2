-- A member sees the postings of their own wallet and no other. The owner of the tables, as whom jobs and staff work, is
-- not held by this; a role that is not the owner sees nothing until it says, for its transaction, whom it serves.
-- The wallet is looked up once per statement, so the index of the statement serves as before.
ALTER TABLE economy_posting ENABLE ROW LEVEL SECURITY;
CREATE POLICY economy_posting_own ON economy_posting FOR SELECT
  USING (wallet_id = (SELECT w.id FROM accounts_wallet w
    WHERE w.user_id = nullif(current_setting('civitas.member', true), '')::uuid));
