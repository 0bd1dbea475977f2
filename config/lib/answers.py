"""The table of answers that were given under an Idempotency-Key."""

from django.db import models

from config.lib.rows import Row

LONGEST_KEY = 255


class IdempotentAnswer(Row):
    """The first answer to a command, under its member and key."""

    member_id = models.UUIDField(help_text="Whose key.")
    key = models.CharField(max_length=LONGEST_KEY, help_text="The key as given.")
    fingerprint = models.CharField(max_length=64, help_text="Digest of method, path and body.")
    status = models.PositiveSmallIntegerField(help_text="HTTP status of the answer.")
    body = models.JSONField(help_text="Body of the answer.")

    class Meta:
        app_label = "config"
        constraints = [models.UniqueConstraint(fields=["member_id", "key"], name="config_answer_once")]
        indexes = [models.Index(fields=["created_at"], name="config_answer_created")]

    def __str__(self) -> str:
        return self.key
