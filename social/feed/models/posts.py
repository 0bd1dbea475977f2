from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from accounts.members.boundaries import leave_out
from accounts.members.models import User
from config.lib.money import ZERO, CoinsField
from config.lib.rows import ChangingRow
from social.feed.models.lengths import length_between

# What no list shows of a post, nor of its page: a third of all columns, mostly times, which take long to read.
_IN_NO_LIST = (
    "updated_at",
    "content_hash",
    "status",
    "peak_token_percentage",
    "last_queue_promotion_at",
    "queue_risen_since",
    "last_queue_demotion_at",
    "decay_rate",
    "last_decay_applied_at",
    "last_token_received_at",
    "tokens_lost_to_decay",
    "boost_count",
    "deleted_at",
    "deleted_by",
    "key",
    "page__created_at",
    "page__updated_at",
    "page__bio",
    "page__is_primary",
    "page__is_active",
    "page__followers_count",
    "page__posts_count",
    "page__total_tokens_earned",
)


class PostQuerySet(models.QuerySet["Post"]):
    """Filters over posts."""

    def visible_to(self, reader: User | Any) -> "PostQuerySet":
        """Posts that a reader may see: published, not deleted, of a page and account in good standing, or erased."""
        return self.filter(
            deleted_at=None,
            status=Post.Status.PUBLISHED,
            page__is_active=True,
            user__status__in=User.SHOWN,
        )

    def for_reader(
        self, reader: "User | Any", *, is_chosen: bool = False, whatever_standing: bool = False
    ) -> "PostQuerySet":
        """Posts for a reader's lists, each with its page: what they may see, less what they keep away.

        Read without the columns that no list shows.

        Left out are removed posts, those of members with whom the reader keeps apart, of muted pages, with muted words,
        and of less standing than the reader asks for: unless one has gone to the page itself (`is_chosen`: then neither
        its muting nor the standing matters). One query more for members, however long the list is.
        """
        return leave_out(
            self.visible_to(reader).select_related("page").defer(*_IN_NO_LIST),
            reader,
            author="user_id",
            page=None if is_chosen else "page_id",
            text=("title", "content"),
            standing=None if is_chosen or whatever_standing else "total_tokens_received",
        )

    def hot(self) -> "PostQuerySet":
        """The hot and warm levels of the queue."""
        return self.filter(queue_level__in=[Post.Level.HOT, Post.Level.WARM])

    def gems(self) -> "PostQuerySet":
        """Hidden gems: of the levels below, those that have a score."""
        return self.filter(queue_level__in=[Post.Level.COLD, Post.Level.ARCHIVE], gem_score__isnull=False)


class Post(ChangingRow):
    """Something a page has written, with the figures that rank it."""

    class Status(models.TextChoices):
        DRAFT = "DRAFT", _("draft")
        PUBLISHED = "PUBLISHED", _("published")

    class Level(models.IntegerChoices):
        HOT = 0, _("hot")
        WARM = 1, _("warm")
        COLD = 2, _("cold")
        ARCHIVE = 3, _("archive")

    page = models.ForeignKey(
        "accounts.Page", models.PROTECT, related_name="posts", db_index=False, help_text="Written as."
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="posts",
        db_index=False,
        help_text="The account behind it.",
    )
    title = models.CharField(_("title"), max_length=200, blank=True, help_text="Optional heading.")
    content = models.TextField(_("text"), help_text="1 to 2,000 characters.")
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the normalised text, against repeats.")
    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.PUBLISHED, help_text="Whether it is out."
    )
    total_tokens_received = CoinsField(
        default=ZERO, help_text="Standing: tips received and not given back, less decay."
    )
    unique_spenders_count = models.PositiveIntegerField(default=0, help_text="Members with a tip on it.")
    peak_token_percentage = models.DecimalField(
        max_digits=8,
        decimal_places=6,
        default=0,
        help_text="Highest share of all coins on content it has held.",
    )
    queue_level = models.SmallIntegerField(
        choices=Level.choices, default=Level.HOT, help_text="0 hot, 1 warm, 2 cold, 3 archive."
    )
    queue_entered_at = models.DateTimeField(help_text="Since when its present time on the level counts.")
    last_queue_promotion_at = models.DateTimeField(null=True, blank=True, help_text="When it last rose a level.")
    queue_risen_since = models.DateTimeField(
        null=True, blank=True, help_text="From when on the tips were given that last lifted it; empty after a drop."
    )
    last_queue_demotion_at = models.DateTimeField(null=True, blank=True, help_text="When it last dropped one.")
    decay_rate = models.DecimalField(
        max_digits=5, decimal_places=4, default=Decimal("0.0200"), help_text="Weekly decay when last decayed."
    )
    last_decay_applied_at = models.DateTimeField(null=True, blank=True, help_text="When it last decayed.")
    last_token_received_at = models.DateTimeField(null=True, blank=True, help_text="When it was last tipped.")
    tokens_lost_to_decay = CoinsField(default=ZERO, help_text="Standing lost to decay so far.")
    last_boosted_at = models.DateTimeField(null=True, blank=True, help_text="When its author last boosted it.")
    boost_count = models.PositiveIntegerField(default=0, help_text="Boosts so far.")
    visibility_score = models.DecimalField(
        max_digits=12,
        decimal_places=4,
        default=0,
        help_text="Order within a level; changes with events only.",
    )
    engagement_velocity = models.DecimalField(
        max_digits=12, decimal_places=4, default=0, help_text="Coins per hour, decayed to the last event."
    )
    velocity_at = models.DateTimeField(null=True, blank=True, help_text="The event that velocity was computed at.")
    comments_count = models.PositiveIntegerField(default=0, help_text="Visible comments; kept by a trigger.")
    views_count = models.BigIntegerField(default=0, help_text="Views by distinct readers.")
    trend_score = models.DecimalField(
        max_digits=14,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="Order of the trending feed; empty while its velocity is 0.",
    )
    gem_score = models.DecimalField(
        max_digits=12,
        decimal_places=4,
        null=True,
        blank=True,
        help_text="Order of the hidden gems: coins per view; empty when it is none.",
    )
    pinned_at = models.DateTimeField(null=True, blank=True, help_text="Since when it stands first on its page.")
    html = models.TextField(
        blank=True, default="", db_default="", help_text="The text as safe HTML; empty when it is yet to be rendered."
    )
    carries = models.JSONField(
        blank=True,
        default=dict,
        db_default=Value({}, output_field=models.JSONField()),
        help_text="What its card shows besides words, by name: pictures, poll, bounty, co-authors.",
    )
    is_edited = models.BooleanField(default=False, help_text="Whether it was changed after it was out.")
    edited_at = models.DateTimeField(null=True, blank=True, help_text="When it was last edited.")
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="When it was removed.")
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who removed it.",
    )
    key = models.CharField(  # noqa: DJ001
        max_length=255, null=True, blank=True, editable=False, help_text="Idempotency key it was written under."
    )

    objects = PostQuerySet.as_manager()

    class Meta(ChangingRow.Meta):
        constraints = [
            models.CheckConstraint(condition=length_between("content", 2000), name="social_post_length"),
            models.CheckConstraint(condition=Q(queue_level__gte=0, queue_level__lte=3), name="social_post_level"),
            models.CheckConstraint(condition=Q(total_tokens_received__gte=0), name="social_post_standing"),
            models.UniqueConstraint(
                fields=["user", "key"], condition=Q(key__isnull=False), name="social_post_key_once"
            ),
            models.UniqueConstraint(
                fields=["page"], condition=Q(pinned_at__isnull=False, deleted_at=None), name="social_post_pinned_once"
            ),
        ]
        indexes = [
            models.Index(fields=["page", "-id"], name="social_post_page", condition=Q(deleted_at=None)),
            models.Index(fields=["user", "-id"], name="social_post_user"),
            models.Index(fields=["-id"], name="social_post_new", condition=Q(deleted_at=None)),
            models.Index(
                fields=["queue_level", "-visibility_score", "-id"],
                name="social_post_hot",
                condition=Q(deleted_at=None, queue_level__in=[0, 1]),
            ),
            models.Index(
                fields=["-trend_score", "-id"],
                name="social_post_trending",
                condition=Q(deleted_at=None, trend_score__isnull=False),
            ),
            models.Index(
                fields=["-gem_score", "-id"],
                name="social_post_gems",
                condition=Q(deleted_at=None, gem_score__isnull=False, queue_level__in=[2, 3]),
            ),
            models.Index(
                fields=["-total_tokens_received"],
                name="social_post_by_standing",
                condition=Q(deleted_at=None),
            ),
            models.Index(
                fields=["last_token_received_at"],
                name="social_post_decay",
                condition=Q(deleted_at=None, total_tokens_received__gt=0),
            ),
            models.Index(
                fields=["queue_level", "queue_entered_at"],
                name="social_post_queue",
                condition=Q(deleted_at=None, queue_level__in=[0, 1, 2]),
            ),
            models.Index(fields=["user", "content_hash", "-created_at"], name="social_post_repeats"),
            models.Index(fields=["-id"], name="social_post_unrendered", condition=Q(deleted_at=None, html="")),
        ]

    def __str__(self) -> str:
        return self.title or self.content[:60]
