from django.db import models
from django.db.models import F, Q

from config.lib.money import ZERO, CoinsField
from config.lib.rows import ChangingRow, Row


class DecayRun(ChangingRow):
    """The decay of one week."""

    period = models.CharField(max_length=8, unique=True, help_text="ISO week, such as 2026-W47.")
    finished_at = models.DateTimeField(null=True, blank=True, help_text="When it was complete.")
    posts = models.PositiveIntegerField(default=0, help_text="Posts that decayed.")
    total_decayed = CoinsField(default=ZERO, help_text="Standing lost in all.")

    class Meta(ChangingRow.Meta):
        pass

    def __str__(self) -> str:
        return self.period


class DecayEvent(Row):
    """What one post lost in one week. Standing is rank, not money."""

    run = models.ForeignKey(DecayRun, models.PROTECT, related_name="events", db_index=False, help_text="The run.")
    post = models.ForeignKey("social.Post", models.CASCADE, related_name="decay_events", help_text="Which post.")
    balance_before = CoinsField(help_text="Standing before.")
    decay_rate = models.DecimalField(max_digits=5, decimal_places=4, help_text="DECAY_RATE of that week.")
    tokens_decayed = CoinsField(help_text="Standing lost.")
    balance_after = CoinsField(help_text="Standing after.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "post"], name="social_decayevent_once"),
            models.CheckConstraint(
                condition=Q(tokens_decayed__gte=0, balance_after=F("balance_before") - F("tokens_decayed")),
                name="social_decayevent_math",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tokens_decayed} of {self.post_id}"
