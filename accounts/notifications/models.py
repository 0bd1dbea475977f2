from django.db import models
from django.db.models import Q

from config.lib.crypto import SealedTextField
from config.lib.rows import ChangingRow


class OutgoingMessage(ChangingRow):
    """An SMS or e-mail that is owed to someone, until the worker has handed it over."""

    class Channel(models.TextChoices):
        SMS = "SMS", "SMS"
        EMAIL = "EMAIL", "e-mail"

    class Status(models.TextChoices):
        WAITING = "WAITING", "waiting"
        SENT = "SENT", "sent"
        FAILED = "FAILED", "given up"

    channel = models.CharField(max_length=5, choices=Channel.choices, help_text="How it travels.")
    recipient = models.CharField(max_length=254, help_text="Phone number or e-mail address.")
    subject = models.CharField(max_length=200, blank=True, help_text="Subject of an e-mail.")
    body = SealedTextField(blank=True, help_text="The text, encrypted; erased once it was sent for real.")
    status = models.CharField(
        max_length=7, choices=Status.choices, default=Status.WAITING, help_text="Whether it has left."
    )
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Deliveries tried.")
    next_attempt_at = models.DateTimeField(help_text="Not to be tried before.")
    give_up_at = models.DateTimeField(help_text="Useless after; a code is worth nothing when it has expired.")
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When it was handed over.")
    receipt = models.CharField(max_length=100, blank=True, help_text="The carrier's id, or its last error.")

    class Meta(ChangingRow.Meta):
        indexes = [
            models.Index(fields=["next_attempt_at"], name="accounts_message_waiting", condition=Q(status="WAITING")),
        ]

    def __str__(self) -> str:
        return str(self.pk)
