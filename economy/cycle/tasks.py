"""When the weekly cycle runs: Monday 00:05 UTC, and hourly in case that was missed."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from accounts.members.queries import first_joined_at
from config.lib import cycle, schedules
from economy.cycle import operations

# A movement whose clock was read just before midnight may commit after it, so a week is left to settle first.
SETTLING = timedelta(minutes=4)

_TASK = "economy.run_weekly_cycle"
_TELL = "economy.tell_members"


@shared_task(name=_TASK, acks_late=True, ignore_result=True)
def run_weekly_cycle() -> None:
    """Run what is missing of all full weeks, oldest first. Safe to run twice or at once; mostly nothing is due."""
    at = timezone.now()
    cycle.run(periods=cycle.due_periods(at - SETTLING), at=at)


@shared_task(name=_TELL, acks_late=True, ignore_result=True)
def tell_members() -> None:
    """Owe members notices of the runs that are done. Safe to run twice or at once; mostly there is nothing to tell."""
    operations.tell_members(at=timezone.now())


def register() -> None:
    """Set the clock; called from the app's `ready()`."""
    cycle.begins_with(first_joined_at)
    schedules.add(schedules.Schedule("Weekly cycle", _TASK, crontab="5 0 * * 1"))
    schedules.add(schedules.Schedule("Weekly cycle, if missed", _TASK, crontab="35 * * * *"))
    schedules.add(schedules.Schedule("Tell members of tax and stipend", _TELL, every=timedelta(minutes=1)))
