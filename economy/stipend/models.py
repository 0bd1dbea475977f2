from django.db import models
from django.db.models import F, Q

from config.lib.money import ZERO, CoinsField
from config.lib.rows import Row
from economy.tax.models import WeeklyRun


class StipendRun(WeeklyRun):
    """The stipends of one week."""

    treasury_before = CoinsField(help_text="The treasury when the run began.")
    budget = CoinsField(help_text="STIPEND_POOL_SHARE of it: the most that the run may pay.")
    members = models.PositiveIntegerField(default=0, help_text="Eligible members.")
    total_wanted = CoinsField(default=ZERO, help_text="What all would get without a budget.")
    scale = models.DecimalField(max_digits=18, decimal_places=12, default=1, help_text="budget / wanted, at most 1.")
    total_paid = CoinsField(default=ZERO, help_text="What was paid.")
    total_base = CoinsField(default=ZERO, db_default=ZERO, help_text="The base in it, once the run is complete.")
    total_engagement = CoinsField(default=ZERO, db_default=ZERO, help_text="The engagement bonuses in it.")
    total_new_member = CoinsField(default=ZERO, db_default=ZERO, help_text="The new-member bonuses in it.")

    class Meta(WeeklyRun.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(total_paid__lte=F("budget")), name="economy_stipendrun_within_budget"),
        ]


class StipendDistribution(Row):
    """What one member got for one week."""

    run = models.ForeignKey(
        StipendRun, models.PROTECT, related_name="distributions", db_index=False, help_text="The run."
    )
    wallet = models.ForeignKey(
        "accounts.Wallet", models.PROTECT, related_name="stipend_distributions", help_text="Whose wallet."
    )
    transfer_id = models.UUIDField(null=True, help_text="The movement; empty while it is owed or when nothing is due.")
    wanted_base = CoinsField(help_text="Base before scaling.")
    wanted_engagement = CoinsField(help_text="Engagement bonus before scaling.")
    wanted_new_member = CoinsField(help_text="New-member bonus before scaling.")
    base_stipend = CoinsField(help_text="Base paid.")
    engagement_bonus = CoinsField(default=ZERO, help_text="Engagement bonus paid.")
    new_user_bonus = CoinsField(default=ZERO, help_text="New-member bonus paid.")
    total_stipend = CoinsField(help_text="Sum of the three.")
    was_active = models.BooleanField(default=True, help_text="Active within the period; others get no row.")
    tokens_earned_last_week = CoinsField(default=ZERO, help_text="Settled tips that counted, pairs capped and netted.")
    paid_at = models.DateTimeField(null=True, help_text="When it was paid; owed before.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "wallet"], name="economy_stipend_once"),
            models.CheckConstraint(
                condition=Q(base_stipend__gte=0, engagement_bonus__gte=0, new_user_bonus__gte=0)
                & Q(total_stipend=F("base_stipend") + F("engagement_bonus") + F("new_user_bonus")),
                name="economy_stipend_sum",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.total_stipend} to {self.wallet_id}"
