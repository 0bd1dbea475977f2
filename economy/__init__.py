"""What you own: the ledger and everything that moves coins.

No code outside this app changes a wallet; inside it, only the SQL functions of `economy.ledger` do.
"""
