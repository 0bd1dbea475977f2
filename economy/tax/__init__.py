"""The weekly tax: brackets, runs, collections.

Must stay true: one run per period and one collection per member and period, whatever is repeated, raced or killed; the
tax is marginal and never takes more than what is available; coins that are set aside (`economy_set_aside`, replaced by
the app that keeps them) are taxed as if they had stayed in the wallet.
"""
