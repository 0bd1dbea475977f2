from django.db import models
from django.db.models import Q

from config.lib.money import CoinsField
from social.feed.models.posts import Post


class QueueLevel(models.Model):
    """What a level of the queue asks, where SQL finds it: copied from the settings by every run of the queue."""

    level = models.SmallIntegerField(
        primary_key=True, choices=Post.Level.choices, help_text="0 hot, 1 warm, 2 cold, 3 archive."
    )
    time_allowed = models.DurationField(
        null=True, blank=True, help_text="How long a post may stay before it is looked at; empty: for ever."
    )
    keep_coins = CoinsField(help_text="Coins that keep a post here for another time, or lift one from below.")
    keep_spenders = models.PositiveIntegerField(help_text="From how many members these coins must be.")
    gem_views = models.PositiveIntegerField(
        null=True, blank=True, help_text="Most views of a hidden gem on this level; empty: it has none."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=0, level__lte=3), name="social_queuelevel_level"),
        ]

    def __str__(self) -> str:
        return self.get_level_display()
