"""Writes about leaving, one noun per file."""

from accounts.departures.operations.closing import LastAdmin, close_account
from accounts.departures.operations.erasing import erase_due, remind_closed
from accounts.departures.operations.exports import TooManyExports, ask_for_export, forget_exports, make_due_exports
from accounts.departures.operations.mentions import forget_name_in_notices
from accounts.departures.operations.numbers import forget_released_numbers, remember_number
from accounts.departures.operations.returning import TooLateToReturn, come_back

__all__ = [
    "LastAdmin",
    "TooLateToReturn",
    "TooManyExports",
    "ask_for_export",
    "close_account",
    "come_back",
    "erase_due",
    "forget_exports",
    "forget_name_in_notices",
    "forget_released_numbers",
    "make_due_exports",
    "remember_number",
    "remind_closed",
]
