"""Leaving: taking one's data along, closing the account, coming back in time, and being forgotten after.

Must stay true: an export holds the member's own data and nobody else's; nothing is erased before the 30 days are over;
after that no row names the person, while rows of money stay, under a pseudonym.
Called by the settings pages, by sign-in (coming back) and by jobs. Apps above add their part through `parts`.
"""
