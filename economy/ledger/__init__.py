"""The ledger: transfers, their postings, locks, and the balances of wallets and funds.

Must stay true: the postings of a transfer sum to 0.00, checked at commit; transfers and postings are append-only; a
wallet's postings chain in the order of lock_version; a key moves coins at most once; funds take no row lock. The
movements are SQL functions (migrations/0002_ledger.sql), so that one movement is one round trip, and a program in
another language could not break the rules either. Called by the operations of every room that moves coins.
"""
