from datetime import timedelta

from django.apps import AppConfig

from config.lib import schedules


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        schedules.add(
            schedules.Schedule("Deliver messages", "accounts.tasks.deliver_messages", every=timedelta(seconds=10))
        )
        schedules.add(schedules.Schedule("Forget old sign-ins", "accounts.tasks.forget_sign_ins", crontab="17 3 * * *"))
