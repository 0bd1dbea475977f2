"""A member's wallet, as the member's own row, and the addresses on other networks that they have proved to be theirs.

Must stay true: 0 <= locked_balance <= balance (by CHECK), and the wallet's columns change in `economy.ledger` alone.
An address on a network is one member's; it is here because its key has signed a text that named that member; a text is
good once; at most one address per member and network is the primary one.
"""
