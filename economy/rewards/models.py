from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.lib.money import ZERO, CoinsField
from config.lib.rows import ChangingRow


class RewardRule(ChangingRow):
    """What something is worth to the community, and how often. Changed by staff with a reason, kept in the audit."""

    slug = models.SlugField(max_length=50, unique=True, help_text="Stable name in code and addresses.")
    trigger = models.SlugField(max_length=50, help_text="What is rewarded: a trigger that a room has registered.")
    amount = CoinsField(help_text="Coins for each cause.")
    daily_cap = CoinsField(null=True, blank=True, help_text="Most coins per member and UTC day; empty for no cap.")
    weekly_cap = CoinsField(null=True, blank=True, help_text="Most coins per member and ISO week; empty for no cap.")
    minimum_length = models.PositiveIntegerField(default=0, help_text="Characters that a text needs to count.")
    cool_down_minutes = models.PositiveIntegerField(
        default=0, help_text="Minutes after a rewarded cause in which the same member's next one gets nothing."
    )
    is_on = models.BooleanField(default=True, help_text="Whether it is in force.")

    class Meta(ChangingRow.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="economy_rewardrule_amount"),
            models.CheckConstraint(
                condition=(Q(daily_cap=None) | Q(daily_cap__gte=F("amount")))
                & (Q(weekly_cap=None) | Q(weekly_cap__gte=F("amount"))),
                name="economy_rewardrule_caps",
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class Reward(ChangingRow):
    """What one member is owed, or got, for one cause under one rule."""

    class Status(models.TextChoices):
        OWED = "OWED", _("on its way")
        PAID = "PAID", _("paid")
        SKIPPED = "SKIPPED", _("not paid")
        TAKEN_BACK = "TAKEN_BACK", _("taken back")

    class Skipped(models.TextChoices):
        RULE_OFF = "RULE_OFF", _("the rule was switched off")
        NOT_ACTIVE = "NOT_ACTIVE", _("the account was not active")
        TOO_SHORT = "TOO_SHORT", _("the text was too short")
        COOL_DOWN = "COOL_DOWN", _("it came too soon after the last one")
        DAILY_CAP = "DAILY_CAP", _("the day's most was reached")
        WEEKLY_CAP = "WEEKLY_CAP", _("the week's most was reached")
        REMOVED = "REMOVED", _("what it was for was removed")

    rule = models.ForeignKey(
        RewardRule, models.PROTECT, related_name="rewards", db_index=False, help_text="Under which rule."
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="rewards", db_index=False, help_text="Who gets it."
    )
    cause_type = models.CharField(max_length=50, help_text="Kind of row that it is for.")
    cause_id = models.UUIDField(help_text="Row that it is for.")
    happened_at = models.DateTimeField(help_text="When the cause happened: the day and week that the caps count.")
    length = models.PositiveIntegerField(default=0, help_text="Characters of the cause, where it is a text.")
    amount = CoinsField(help_text="What the rule promised when it happened.")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OWED, help_text="Where it stands.")
    skipped_for = models.CharField(
        max_length=10, choices=Skipped.choices, blank=True, default="", help_text="Why it was not paid."
    )
    transfer_id = models.UUIDField(null=True, blank=True, help_text="The movement that paid it.")
    paid_at = models.DateTimeField(null=True, blank=True, help_text="When it was paid.")
    removed_at = models.DateTimeField(
        null=True, blank=True, help_text="When its cause was removed, if that was in time."
    )
    taken_back_at = models.DateTimeField(null=True, blank=True, help_text="When it was taken back.")
    taken_back = CoinsField(default=ZERO, help_text="Coins that went back to the treasury.")
    written_off = CoinsField(default=ZERO, help_text="Coins that should have, but the member no longer had them.")
    back_transfer_id = models.UUIDField(null=True, blank=True, help_text="The movement that took it back.")

    class Meta(ChangingRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["rule", "cause_type", "cause_id"], name="economy_reward_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="economy_reward_amount"),
            models.CheckConstraint(
                condition=Q(status="SKIPPED") & ~Q(skipped_for="") | ~Q(status="SKIPPED") & Q(skipped_for=""),
                name="economy_reward_skipped_for",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["OWED", "SKIPPED"], transfer_id=None, paid_at=None)
                | Q(status__in=["PAID", "TAKEN_BACK"], transfer_id__isnull=False, paid_at__isnull=False),
                name="economy_reward_paid",
            ),
            models.CheckConstraint(
                condition=Q(status="TAKEN_BACK", taken_back_at__isnull=False)
                & Q(taken_back__gte=0, written_off__gte=0, amount=F("taken_back") + F("written_off"))
                | ~Q(status="TAKEN_BACK") & Q(taken_back_at=None, taken_back=0, written_off=0),
                name="economy_reward_taken_back",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="economy_reward_user"),
            models.Index(
                fields=["user", "rule", "happened_at"], name="economy_reward_counted", condition=Q(status="PAID")
            ),
            models.Index(fields=["cause_id", "cause_type"], name="economy_reward_cause"),
            models.Index(fields=["id"], name="economy_reward_owed", condition=Q(status="OWED")),
            models.Index(
                fields=["removed_at"],
                name="economy_reward_to_take",
                condition=Q(status="PAID", removed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.status} {self.pk}"
