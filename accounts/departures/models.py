from django.conf import settings
from django.db import models
from django.db.models import Q

from config.lib.rows import ChangingRow, Row


class DataExport(ChangingRow):
    """A member's own data, asked for and then made by a job as one zip file; the link to it expires."""

    class Status(models.TextChoices):
        WAITING = "WAITING", "waiting"
        READY = "READY", "ready"
        FAILED = "FAILED", "failed"
        GONE = "GONE", "expired"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports", db_index=False, help_text="Whose data it is."
    )
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.WAITING, help_text="How far it is.")
    file = models.CharField(max_length=200, blank=True, help_text="Where the zip lies in the private storage.")
    size = models.BigIntegerField(default=0, help_text="Bytes of the zip.")
    parts_done = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="Parts written so far.")
    parts_count = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="Parts there are in all.")
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


class Departure(ChangingRow):
    """A member has closed their account; it ends with their return or with the erasing of what names them."""

    class Ending(models.TextChoices):
        RETURNED = "RETURNED", "came back"
        ERASED = "ERASED", "was erased"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="departures", db_index=False, help_text="Whose account."
    )
    status_before = models.CharField(
        max_length=10, help_text="What the account was; a suspension goes on when its member comes back."
    )
    removes_writing = models.BooleanField(
        default=False, help_text="Whether posts and comments go too; else they stay under a pseudonym."
    )
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="When the member was told that time runs out.")
    begun_at = models.DateTimeField(null=True, blank=True, help_text="When erasing began; no way back from then on.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it ended, one way or the other.")
    ending = models.CharField(max_length=8, choices=Ending.choices, blank=True, help_text="Which way.")

    class Meta(ChangingRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(ended_at=None), name="accounts_departure_one_open"),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="accounts_departure_user"),
            models.Index(
                fields=["created_at"], name="accounts_departure_unsaid", condition=Q(ended_at=None, reminded_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"departure of {self.user_id}"


class ReleasedNumber(Row):
    """A number that an account has left, as a keyed hash: it may join anew, but not for a second welcome grant.

    The account was erased, or has moved to another number. A suspension that was running when it was closed goes on, so
    that closing an account is no way out of it.
    """

    number_hash = models.CharField(max_length=64, unique=True, help_text="HMAC-SHA256 under a key outside.")
    was_suspended = models.BooleanField(default=False, help_text="Whether the account was suspended when it closed.")
    suspended_until = models.DateTimeField(
        null=True, blank=True, help_text="When that suspension ends by itself; empty: until staff end it."
    )
    forget_at = models.DateTimeField(help_text="When this row is deleted.")

    class Meta:
        indexes = [models.Index(fields=["forget_at"], name="accounts_releasednumber_old")]

    def __str__(self) -> str:
        return str(self.pk)
