"""Who did what: a row for every change of a sensitive table, and for every act that matters.

Must stay true: rows are only added, and the database refuses all else; a change of a watched table cannot be made
without its row, by whatever door or psql; secrets are never in it, phone numbers and addresses of e-mail only masked.
Triggers write the changes; operations note acts with `note`. Everybody above may call; staff read it in the admin.
"""
