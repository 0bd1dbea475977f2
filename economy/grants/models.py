from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.lib.money import CoinsField
from config.lib.rows import ChangingRow


class GrantRequest(ChangingRow):
    """A grant that needs a second person of the staff."""

    class Status(models.TextChoices):
        WAITING = "WAITING", _("waiting for a second person")
        GRANTED = "GRANTED", _("granted")
        DECLINED = "DECLINED", _("declined")

    wallet = models.ForeignKey(
        "accounts.Wallet", models.PROTECT, related_name="+", help_text="Whose coins they become."
    )
    coins = CoinsField(help_text="How many.")
    reason = models.CharField(max_length=300, help_text="Why; the member reads it in the statement.")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", help_text="The admin who asks."
    )
    key = models.UUIDField(unique=True, help_text="Of the form: a second press finds the first one's request.")
    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.WAITING, help_text="Where it stands."
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The other admin who granted or declined it.",
    )
    decided_at = models.DateTimeField(null=True, blank=True, help_text="When.")
    decision = models.CharField(max_length=300, blank=True, help_text="Why it was granted or declined.")

    class Meta(ChangingRow.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(coins__gt=0), name="economy_grantrequest_coins"),
            models.CheckConstraint(
                condition=Q(status="WAITING", decided_by=None) | ~Q(decided_by=F("asked_by")) & ~Q(decided_by=None),
                name="economy_grantrequest_two_persons",
            ),
        ]
        indexes = [
            models.Index(fields=["-id"], name="economy_grantrequest_waiting", condition=Q(status="WAITING")),
        ]

    def __str__(self) -> str:
        return f"{self.coins} {self.pk}"
