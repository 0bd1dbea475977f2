from django.conf import settings
from django.db import models

from config.lib.rows import ChangingRow, Row


class Badge(ChangingRow):
    """A badge that members can be given."""

    slug = models.SlugField(max_length=50, unique=True, help_text="Stable name in code and addresses.")
    name = models.CharField(max_length=100, help_text="Name shown.")
    description = models.CharField(max_length=300, help_text="What it is given for.")
    icon = models.CharField(max_length=50, default="award", help_text="Icon of the sprite.")
    is_repeatable = models.BooleanField(default=False, help_text="Whether one member can earn it more than once.")
    is_custom = models.BooleanField(default=False, help_text="Made by staff and given by hand; no rule earns it.")

    class Meta(ChangingRow.Meta):
        pass

    def __str__(self) -> str:
        return self.name


class UserBadge(ChangingRow):
    """A badge that a member was given."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="badges", db_index=False, help_text="Who has it."
    )
    badge = models.ForeignKey(Badge, models.CASCADE, related_name="holders", help_text="Which badge.")
    times = models.PositiveIntegerField(default=1, help_text="How often it was earned.")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who of the staff gave it; empty when a rule did.",
    )
    reason = models.CharField(max_length=300, blank=True, default="", help_text="What staff gave it for.")

    class Meta(ChangingRow.Meta):
        constraints = [models.UniqueConstraint(fields=["user", "badge"], name="accounts_userbadge_once")]

    def __str__(self) -> str:
        return f"{self.badge_id} of {self.user_id}"


class UserActivity(Row):
    """One row per member and UTC day on which they did anything: daily actives, cohorts, stipends."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="activity", db_index=False, help_text="Who was active."
    )
    day = models.DateField(help_text="UTC day.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="accounts_useractivity_once_a_day")]
        indexes = [models.Index(fields=["day", "user"], name="accounts_useractivity_day")]
        verbose_name_plural = "user activity"

    def __str__(self) -> str:
        return f"{self.user_id} on {self.day}"
