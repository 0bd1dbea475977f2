from uuid import UUID

from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from config.lib.money import ZERO, CoinsField
from config.lib.rows import ChangingRow, Row


class RunStatus(models.TextChoices):
    """Where a weekly run stands."""

    RUNNING = "RUNNING", _("running")
    DONE = "DONE", _("done")


class WeeklyRun(ChangingRow):
    """What every weekly run keeps: its period, whether it is complete, when."""

    period = models.CharField(max_length=8, unique=True, help_text="ISO week, such as 2026-W47.")
    status = models.CharField(
        max_length=7,
        choices=RunStatus.choices,
        default=RunStatus.RUNNING,
        help_text="Whether it is complete.",
    )
    period_start = models.DateTimeField(help_text="Monday 00:00 UTC.")
    period_end = models.DateTimeField(help_text="End of the period, or of the part that was run early.")
    finished_at = models.DateTimeField(null=True, blank=True, help_text="When it was complete.")
    told_upto = models.UUIDField(
        default=UUID(int=0), db_default=UUID(int=0), help_text="The last wallet whose member is owed a notice of it."
    )
    told_at = models.DateTimeField(null=True, blank=True, help_text="When all its members were owed a notice of it.")

    class Meta(ChangingRow.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.period


class TaxBracket(ChangingRow):
    """One part of the balance and its weekly rate."""

    name = models.CharField(max_length=20, unique=True, help_text="Name shown.")
    lower = CoinsField(unique=True, help_text="Coins from which the rate applies.")
    upper = CoinsField(null=True, blank=True, help_text="Coins up to which it applies; empty for the last one.")
    rate = models.DecimalField(max_digits=5, decimal_places=4, help_text="Weekly rate, 0 to 1.")

    class Meta(ChangingRow.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lte=1), name="economy_taxbracket_rate"),
            models.CheckConstraint(
                condition=Q(lower__gte=0) & (Q(upper=None) | Q(upper__gt=F("lower"))),
                name="economy_taxbracket_span",
            ),
        ]
        ordering = ["lower"]

    def __str__(self) -> str:
        return self.name


class TaxRun(WeeklyRun):
    """The tax of one week."""

    basis = models.CharField(max_length=10, default="average", help_text="TAX_BASE when the run began.")
    brackets = models.JSONField(default=list, help_text="The bracket table when the run began.")
    members = models.PositiveIntegerField(default=0, help_text="Members looked at.")
    payers = models.PositiveIntegerField(default=0, help_text="Members who paid more than nothing.")
    total_base = CoinsField(default=ZERO, help_text="Sum of what was taxed.")
    total_tax = CoinsField(default=ZERO, help_text="Sum collected.")
    by_bracket = models.JSONField(
        default=dict,
        db_default=Value({}, output_field=models.JSONField()),
        help_text="Members by the highest bracket that each reached, once the run is complete.",
    )

    class Meta(WeeklyRun.Meta):
        pass


class TaxCollection(Row):
    """What one member paid for one week."""

    run = models.ForeignKey(TaxRun, models.PROTECT, related_name="collections", db_index=False, help_text="The run.")
    wallet = models.ForeignKey(
        "accounts.Wallet", models.PROTECT, related_name="tax_collections", help_text="Whose wallet."
    )
    transfer_id = models.UUIDField(null=True, help_text="The movement; empty when nothing was due.")
    base = CoinsField(help_text="What was taxed: the week's average, or its closing balance, with what was set aside.")
    balance_before = CoinsField(help_text="Balance before the tax was taken.")
    tokens_taxed = CoinsField(help_text="The tax.")
    balance_after = CoinsField(help_text="Balance after.")
    tax_bracket = models.CharField(max_length=20, help_text="Highest bracket reached.")
    tax_rate = models.DecimalField(max_digits=5, decimal_places=4, help_text="Effective rate: tax / base.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "wallet"], name="economy_taxcollection_once"),
            models.CheckConstraint(
                condition=Q(tokens_taxed__gte=0, balance_after=F("balance_before") - F("tokens_taxed")),
                name="economy_taxcollection_math",
            ),
            models.CheckConstraint(condition=Q(tax_rate__gte=0, tax_rate__lte=1), name="economy_taxcollection_rate"),
        ]

    def __str__(self) -> str:
        return f"{self.tokens_taxed} of {self.wallet_id}"
