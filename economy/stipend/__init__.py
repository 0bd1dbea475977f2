"""The weekly stipend, paid from the treasury only, never minted.

Must stay true: one run per period and one distribution per member and period; a run never pays more than its budget.
"""
