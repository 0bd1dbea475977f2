"""Index of the app's jobs, where Celery looks for them."""

from economy.cycle.tasks import run_weekly_cycle
from economy.fraud.tasks import look_for_signals
from economy.ledger.tasks import collect_left_behind, forget_answers, make_months_ahead, roll_up_funds
from economy.observatory.tasks import refresh_leaders, refresh_state, take_snapshot
from economy.rewards.tasks import owe_streaks, pay_rewards
from economy.vault.tasks import open_vault
from economy.withdrawals.tasks import renew_tiers

__all__ = [
    "collect_left_behind",
    "forget_answers",
    "look_for_signals",
    "make_months_ahead",
    "open_vault",
    "owe_streaks",
    "pay_rewards",
    "refresh_leaders",
    "refresh_state",
    "renew_tiers",
    "roll_up_funds",
    "run_weekly_cycle",
    "take_snapshot",
]
