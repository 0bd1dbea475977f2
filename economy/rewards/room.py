"""What the room registers when the app is ready."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from accounts.audit.watching import watch
from config.lib import schedules
from economy.ledger import causes
from economy.rewards import notices, queries, takeaway, triggers


def register() -> None:
    """Register jobs, notices, data and the trigger of this app; called from `ready()`."""
    watch(
        "economy_rewardrule",
        [
            *("slug", "trigger", "amount", "daily_cap", "weekly_cap", "minimum_length"),
            *("cool_down_minutes", "is_on"),
        ],
    )
    notices.register_kinds()
    takeaway.register()
    causes.register("reward", queries.causes)
    triggers.register(
        triggers.Trigger(
            slug="streak-7",
            label=_("Seven days in a row"),
            why=_("for being here seven days in a row"),
            cause_type="activity",
            steps=queries.days_in_a_row,
        )
    )
    schedules.add(schedules.Schedule("Pay rewards", "economy.pay_rewards", every=timedelta(seconds=60)))
    schedules.add(schedules.Schedule("Owe rewards for streaks", "economy.owe_streaks", every=timedelta(hours=1)))
