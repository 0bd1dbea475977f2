from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.lib.rows import ChangingRow, Row


class EconomySignal(ChangingRow):
    """Figures that look wrong, about one or more members; staff settle it or find that it is nothing."""

    class Kind(models.TextChoices):
        RING = "RING", _("tips that go around")
        ADDRESS = "ADDRESS", _("many accounts behind one address")
        EARNINGS = "EARNINGS", _("earning much faster than others")
        AWAY = "AWAY", _("coins away over the week's end")

    class Status(models.TextChoices):
        OPEN = "OPEN", _("to be looked at")
        SETTLED = "SETTLED", _("settled")
        DISMISSED = "DISMISSED", _("nothing to it")

    kind = models.CharField(max_length=10, choices=Kind.choices, help_text="What was seen.")
    key = models.CharField(
        max_length=64, help_text="Names the matter: a digest of its members, or of the address that they share."
    )
    score = models.DecimalField(
        max_digits=18, decimal_places=2, help_text="How strong it is, in the kind's own measure."
    )
    facts = models.JSONField(default=dict, help_text="The figures as they were seen last.")
    first_seen_at = models.DateTimeField(help_text="When it was seen first.")
    last_seen_at = models.DateTimeField(help_text="When it was seen last.")
    times_seen = models.PositiveIntegerField(default=1, help_text="How often the job has seen it.")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN, help_text="Where it stands.")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who of the staff settled or dismissed it.",
    )
    settled_at = models.DateTimeField(null=True, blank=True, help_text="When.")
    reason = models.CharField(max_length=300, blank=True, default="", help_text="What staff found, and did.")
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="SignalMember", related_name="+", help_text="Whom it is about."
    )

    class Meta(ChangingRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"], condition=Q(status="OPEN"), name="economy_signal_open_once"
            ),
            models.CheckConstraint(
                condition=Q(status="OPEN", settled_by=None, settled_at=None, reason="")
                | ~Q(status="OPEN") & Q(settled_by__isnull=False, settled_at__isnull=False) & ~Q(reason=""),
                name="economy_signal_settled",
            ),
            models.CheckConstraint(condition=Q(last_seen_at__gte=F("first_seen_at")), name="economy_signal_seen"),
        ]
        indexes = [models.Index(fields=["kind", "key", "-settled_at"], name="economy_signal_matter")]

    def __str__(self) -> str:
        return f"{self.kind} {self.score}"


class SignalMember(Row):
    """A member whom a signal is about."""

    signal = models.ForeignKey(
        EconomySignal, models.CASCADE, related_name="involved", db_index=False, help_text="Which signal."
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="signals", help_text="Who.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["signal", "user"], name="economy_signalmember_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.signal_id}"
