"""Writes about leaving, one noun per file."""

from accounts.departures.operations.closing import LastAdmin, close_account
from accounts.departures.operations.returning import TooLateToReturn, come_back

__all__ = [
    "LastAdmin",
    "TooLateToReturn",
    "close_account",
    "come_back",
]
