"""What the room registers when the app is ready."""

from datetime import timedelta

from config.lib import schedules
from economy.fraud.queries import holding
from economy.withdrawals.queries import held_because


def register() -> None:
    """Register the job, and whose withdrawals wait; called from `ready()`."""
    held_because(holding)
    schedules.add(schedules.Schedule("Look for signals", "economy.look_for_signals", every=timedelta(hours=1)))
