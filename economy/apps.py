from datetime import timedelta

from django.apps import AppConfig


class EconomyConfig(AppConfig):
    name = "economy"

    def ready(self) -> None:
        from accounts.members.joining import on_join
        from config.lib import partitions, schedules
        from economy.ledger.operations import grant_welcome

        on_join(grant_welcome)
        for table in ("economy_transfer", "economy_posting"):
            partitions.is_monthly(table)
        schedules.add(schedules.Schedule("Collect fund entries", "economy.roll_up_funds", every=timedelta(seconds=10)))
