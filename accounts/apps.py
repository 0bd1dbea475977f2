from datetime import timedelta

from django.apps import AppConfig

from config.lib import partitions, schedules


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        partitions.is_monthly("accounts_auditlog")
        partitions.is_monthly("accounts_notification")
        schedules.add(
            schedules.Schedule("Deliver messages", "accounts.tasks.deliver_messages", every=timedelta(seconds=10))
        )
        schedules.add(schedules.Schedule("Forget old sign-ins", "accounts.tasks.forget_sign_ins", crontab="17 3 * * *"))
