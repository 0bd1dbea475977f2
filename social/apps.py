from datetime import timedelta

from django.apps import AppConfig


class SocialConfig(AppConfig):
    name = "social"

    def ready(self) -> None:
        from config.lib import cycle, schedules
        from social.feed.operations import Decay

        cycle.add_stage(Decay())
        schedules.add(schedules.Schedule("Settle tips", "social.settle_tips", every=timedelta(seconds=60)))
