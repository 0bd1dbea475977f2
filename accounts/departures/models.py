from django.conf import settings
from django.db import models
from django.db.models import Q

from config.lib.rows import ChangingRow


class DataExport(ChangingRow):
    """A member's own data, asked for and then made by a job as one zip file; the link to it expires."""

    class Status(models.TextChoices):
        WAITING = "WAITING", "waiting"
        READY = "READY", "ready"
        FAILED = "FAILED", "failed"
        GONE = "GONE", "expired"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports", help_text="Whose data it is."
    )
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.WAITING, help_text="How far it is.")
    file = models.CharField(max_length=200, blank=True, help_text="Where the zip lies in the private storage.")
    size = models.BigIntegerField(default=0, help_text="Bytes of the zip.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often its making was begun.")
    next_attempt_at = models.DateTimeField(help_text="Not to be begun before.")
    ready_at = models.DateTimeField(null=True, blank=True, help_text="When it was made.")
    expires_at = models.DateTimeField(null=True, blank=True, help_text="When the file is deleted.")

    class Meta(ChangingRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(status="WAITING"), name="accounts_dataexport_one_waiting"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="accounts_dataexport_user"),
            models.Index(fields=["next_attempt_at"], name="accounts_dataexport_owed", condition=Q(status="WAITING")),
            models.Index(fields=["expires_at"], name="accounts_dataexport_expiry", condition=Q(status="READY")),
        ]

    def __str__(self) -> str:
        return str(self.pk)
