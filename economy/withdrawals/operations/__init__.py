"""Writes about withdrawals: asking, deciding, paying, leaving; and the tiers that say what one costs."""

from economy.withdrawals.operations.asking import (
    BadDetails,
    FeeChanged,
    TooManyWithdrawals,
    WithdrawalTooSmall,
    ask_for_withdrawal,
    cancel_withdrawal,
    look_at_withdrawal,
)
from economy.withdrawals.operations.deciding import (
    OwnWithdrawal,
    WithdrawalHeld,
    approve,
    mark_paid,
    reject,
)
from economy.withdrawals.operations.leaving import cancel_at_closing, end_at_erasing
from economy.withdrawals.operations.requests import WithdrawalDecided
from economy.withdrawals.operations.tiers import renew_tiers
from economy.withdrawals.queries import held_because

__all__ = [
    "BadDetails",
    "FeeChanged",
    "OwnWithdrawal",
    "TooManyWithdrawals",
    "WithdrawalDecided",
    "WithdrawalHeld",
    "WithdrawalTooSmall",
    "approve",
    "ask_for_withdrawal",
    "cancel_at_closing",
    "cancel_withdrawal",
    "end_at_erasing",
    "held_because",
    "look_at_withdrawal",
    "mark_paid",
    "reject",
    "renew_tiers",
]
