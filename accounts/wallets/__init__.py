"""A member's wallet, as the member's own row. Its columns change in `economy.ledger` alone.

Must stay true, by CHECK: 0 <= locked_balance <= balance.
"""
