from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Installed for its commands, template tags and the table of idempotent answers."""

    name = "config"
    verbose_name = "Civitas"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from datetime import timedelta

        from config import checks  # noqa: F401 - so that they are known
        from config.celery import app  # noqa: F401 - so that @shared_task finds it
        from config.lib import schedules

        schedules.add(
            schedules.Schedule("Show that beat is alive", "config.tasks.heartbeat", every=timedelta(seconds=10))
        )
