from django.conf import settings
from django.db import models
from django.db.models import Q

from config.lib.crypto import SealedTextField
from config.lib.money import CoinsField
from config.lib.rows import ChangingRow, Row


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
    html = SealedTextField(
        blank=True,
        default="",
        db_default="",
        help_text="The same with headings and links, encrypted; for those whose program shows it.",
    )
    headers = models.JSONField(default=dict, blank=True, help_text="Further headers of an e-mail: name → value.")
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


class OwedNotice(Row):
    """Something a member is to hear of; a job gathers these into notifications and deletes them."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False, help_text="Who is to hear."
    )
    type = models.CharField(max_length=40, help_text="Its kind in the registry.")
    actor = models.ForeignKey(
        "accounts.Page",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="The page that did it; empty for the community itself.",
    )
    reference_type = models.CharField(max_length=30, blank=True, help_text="Kind of what it is about.")
    reference_id = models.UUIDField(null=True, blank=True, help_text="Id of what it is about.")
    coins = CoinsField(null=True, blank=True, help_text="Coins it tells of.")
    data = models.JSONField(default=dict, blank=True, help_text="What its words and link need.")

    class Meta:
        indexes = [
            models.Index(fields=["user"], name="accounts_owednotice_user"),
            models.Index(fields=["actor"], name="accounts_owednotice_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.type} for {self.user_id}"


class Notification(ChangingRow):
    """What a member hears of on the site. While it is unread, more of the same is added to it; partitioned by month."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="notifications",
        db_index=False,
        help_text="Who hears of it.",
    )
    type = models.CharField(max_length=40, help_text="Its kind in the registry.")
    title = models.CharField(max_length=200, help_text="In a few words, in the member's language.")
    message = models.CharField(max_length=1000, blank=True, help_text="What it says beyond the title.")
    reference_type = models.CharField(max_length=30, blank=True, help_text="Kind of what it is about.")
    reference_id = models.UUIDField(null=True, blank=True, help_text="Id of what it is about.")
    data = models.JSONField(default=dict, blank=True, help_text="path, count, coins, and the last three who did it.")
    is_read = models.BooleanField(default=False, help_text="Whether the member has seen it.")
    read_at = models.DateTimeField(null=True, blank=True, help_text="When.")
    happened_at = models.DateTimeField(help_text="When the last of what it gathers happened.")
    is_urgent = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Whether its member wanted e-mail at once for its kind when it was made.",
    )
    emailed_at = models.DateTimeField(null=True, blank=True, help_text="When it went into an e-mail.")

    class Meta(ChangingRow.Meta):
        indexes = [
            models.Index(fields=["user", "-happened_at", "-id"], name="accounts_notification_newest"),
            models.Index(
                fields=["user", "type", "reference_id"],
                name="accounts_notification_unread",
                condition=Q(is_read=False),
            ),
            models.Index(
                fields=["user"],
                name="accounts_notification_urgent",
                condition=Q(is_urgent=True, is_read=False, emailed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} for {self.user_id}"


class Digest(ChangingRow):
    """When a member's next digest by e-mail is due."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="digest", help_text="Whose it is."
    )
    next_at = models.DateTimeField(help_text="Due from then on: their morning, outside of their quiet hours.")
    plan = models.CharField(
        max_length=100,
        default="",
        db_default="",
        help_text="The preferences that next_at was reckoned by: rhythm, time zone, quiet hours.",
    )
    last_sent_at = models.DateTimeField(null=True, blank=True, help_text="When the last one was owed.")

    class Meta(ChangingRow.Meta):
        indexes = [models.Index(fields=["next_at"], name="accounts_digest_due")]

    def __str__(self) -> str:
        return f"digest of {self.user_id}"
