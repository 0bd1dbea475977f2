"""What the room registers when the app is ready."""

from datetime import timedelta

from config.lib import schedules


def register() -> None:
    """Register the job; called from `ready()`."""
    schedules.add(schedules.Schedule("Look for signals", "economy.look_for_signals", every=timedelta(hours=1)))
