from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from config.lib.rows import ChangingRow, Row


class Poll(Row):
    """What a post asks its readers."""

    post = models.OneToOneField("social.Post", models.CASCADE, related_name="poll", help_text="Which post asks.")
    ends_at = models.DateTimeField(help_text="Until when votes count.")
    voters_count = models.PositiveIntegerField(default=0, db_default=0, help_text="Votes; kept by a trigger.")
    closed_at = models.DateTimeField(
        null=True, blank=True, help_text="When its end was seen to: the result stands, and its people are told."
    )

    class Meta:
        indexes = [
            models.Index(fields=["ends_at"], name="social_poll_open", condition=Q(closed_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.post_id)

    def is_over(self, at: datetime) -> bool:
        """Whether votes count no more."""
        return self.closed_at is not None or at >= self.ends_at


class PollOption(Row):
    """One answer that can be chosen."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="options", db_index=False, help_text="Of which poll.")
    place = models.PositiveSmallIntegerField(help_text="Its place, from 0.")
    text = models.CharField(max_length=80, help_text="The answer.")
    votes_count = models.PositiveIntegerField(default=0, db_default=0, help_text="Votes for it; kept by a trigger.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "place"], name="social_polloption_place"),
            models.CheckConstraint(condition=Q(place__lt=6) & ~Q(text=""), name="social_polloption_fits"),
        ]

    def __str__(self) -> str:
        return self.text


class PollVote(ChangingRow):
    """A member's vote; one in a poll."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="votes", db_index=False, help_text="In which poll.")
    option = models.ForeignKey(PollOption, models.CASCADE, related_name="votes", help_text="For which answer.")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="poll_votes", help_text="Who voted."
    )

    class Meta(ChangingRow.Meta):
        constraints = [models.UniqueConstraint(fields=["poll", "user"], name="social_pollvote_once")]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.option_id}"
