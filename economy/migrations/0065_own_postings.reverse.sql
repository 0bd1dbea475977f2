DROP POLICY economy_posting_own ON economy_posting;
ALTER TABLE economy_posting DISABLE ROW LEVEL SECURITY;
