from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from config.lib.money import ZERO, CoinsField
from config.lib.rows import ChangingRow, Row

if TYPE_CHECKING:
    from accounts.members.models import User


def _length(field: str, most: int) -> Q:
    return Q(GreaterThanOrEqual(Length(field), 1)) & Q(LessThanOrEqual(Length(field), most))


class Follow(Row):
    """An account follows a page."""

    follower = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="follows",
        db_index=False,
        help_text="Who follows.",
    )
    page = models.ForeignKey("accounts.Page", models.CASCADE, related_name="followers", help_text="Which page.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["follower", "page"], name="social_follow_once")]

    def __str__(self) -> str:
        return f"{self.follower_id} → {self.page_id}"


class PostQuerySet(models.QuerySet["Post"]):
    """Filters over posts."""

    def visible_to(self, reader: "User | Any") -> "PostQuerySet":
        """Posts that a reader may see: published, not deleted, of a page and account in good standing, or erased."""
        return self.filter(
            deleted_at=None,
            status=Post.Status.PUBLISHED,
            page__is_active=True,
            user__status__in=["ACTIVE", "SUSPENDED", "ERASED"],
        )

    def hot(self) -> "PostQuerySet":
        """The hot and warm levels of the queue."""
        return self.filter(queue_level__in=[Post.Level.HOT, Post.Level.WARM])


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
            models.CheckConstraint(condition=_length("content", 2000), name="social_post_length"),
            models.CheckConstraint(condition=Q(queue_level__gte=0, queue_level__lte=3), name="social_post_level"),
            models.CheckConstraint(condition=Q(total_tokens_received__gte=0), name="social_post_standing"),
            models.UniqueConstraint(
                fields=["user", "key"], condition=Q(key__isnull=False), name="social_post_key_once"
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
                condition=Q(deleted_at=None),
            ),
            models.Index(fields=["user", "content_hash", "-created_at"], name="social_post_repeats"),
        ]

    def __str__(self) -> str:
        return self.title or self.content[:60]


class CommentQuerySet(models.QuerySet["Comment"]):
    """Filters over comments."""

    def visible(self) -> "CommentQuerySet":
        return self.filter(deleted_at=None)


class Comment(ChangingRow):
    """A reply to a post or to another comment on it."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="comments", db_index=False, help_text="On which post.")
    page = models.ForeignKey("accounts.Page", models.PROTECT, related_name="comments", help_text="Written as.")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="comments",
        db_index=False,
        help_text="The account behind it.",
    )
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="replies",
        help_text="The comment it answers.",
    )
    thread_depth = models.PositiveSmallIntegerField(
        default=0, help_text="0 on the post, one more than its parent's else."
    )
    content = models.TextField(_("comment"), help_text="1 to 1,000 characters.")
    total_tokens_received = CoinsField(default=ZERO, help_text="Tips received and not given back.")
    unique_spenders_count = models.PositiveIntegerField(default=0, help_text="Members with a tip on it.")
    was_free = models.BooleanField(default=True, help_text="One of the day's free ones.")
    token_cost = CoinsField(default=ZERO, help_text="What it cost its writer.")
    edited_at = models.DateTimeField(null=True, blank=True, help_text="When it was last edited.")
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="When it was removed; replies stay.")
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

    # Said by the query that reads threads: whether the text is not for the reader; whether the two keep apart; whether
    # the reader has muted its page or a word in it.
    is_hidden = False
    is_apart = False
    is_unwanted = False

    objects = CommentQuerySet.as_manager()

    class Meta(ChangingRow.Meta):
        constraints = [
            models.CheckConstraint(condition=_length("content", 1000), name="social_comment_length"),
            models.CheckConstraint(
                condition=Q(was_free=True, token_cost=0) | Q(was_free=False, token_cost__gte=0),
                name="social_comment_cost",
            ),
            models.UniqueConstraint(
                fields=["user", "key"], condition=Q(key__isnull=False), name="social_comment_key_once"
            ),
        ]
        indexes = [
            models.Index(fields=["post", "id"], name="social_comment_post"),
            models.Index(fields=["user", "-id"], name="social_comment_user"),
        ]

    def __str__(self) -> str:
        return self.content[:60]


class Tip(ChangingRow):
    """Coins given to a post or comment; they wait in the content fund until one of three things happens."""

    spender = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="tips_given",
        db_index=False,
        help_text="Who gave.",
    )
    spender_page = models.ForeignKey(
        "accounts.Page",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The page it was given as.",
    )
    post = models.ForeignKey(
        Post,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tips",
        db_index=False,
        help_text="The post tipped,",
    )
    comment = models.ForeignKey(
        Comment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tips",
        db_index=False,
        help_text="or the comment.",
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="tips_received",
        db_index=False,
        help_text="Who wrote it.",
    )
    recipient_page = models.ForeignKey(
        "accounts.Page",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The page it was written as.",
    )
    amount = CoinsField(help_text="What was given.")
    to_creator = CoinsField(help_text="The writer's share at settlement.")
    to_treasury = CoinsField(help_text="The treasury's share at settlement.")
    burned = CoinsField(help_text="The share that is burned at settlement.")
    transfer_id = models.UUIDField(help_text="The movement into the content fund, whose id the tip has as well.")
    can_unlike_until = models.DateTimeField(help_text="Until when it can be taken back.")
    unliked_at = models.DateTimeField(null=True, blank=True, help_text="When it went back to its giver.")
    settled_at = models.DateTimeField(null=True, blank=True, help_text="When it was settled.")

    class Meta(ChangingRow.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, to_creator__gte=0, to_treasury__gte=0, burned__gte=0)
                & Q(amount=F("to_creator") + F("to_treasury") + F("burned")),
                name="social_tip_split",
            ),
            models.CheckConstraint(condition=~Q(spender=F("recipient")), name="social_tip_not_oneself"),
            models.CheckConstraint(
                condition=Q(post__isnull=False, comment__isnull=True) | Q(post__isnull=True, comment__isnull=False),
                name="social_tip_one_target",
            ),
            models.CheckConstraint(condition=Q(unliked_at=None) | Q(settled_at=None), name="social_tip_resolved_once"),
        ]
        indexes = [
            models.Index(fields=["spender", "-id"], name="social_tip_spender"),
            models.Index(fields=["recipient", "settled_at"], name="social_tip_recipient"),
            models.Index(fields=["post", "spender"], name="social_tip_post", condition=Q(post__isnull=False)),
            models.Index(fields=["comment", "spender"], name="social_tip_comment", condition=Q(comment__isnull=False)),
            models.Index(
                fields=["can_unlike_until"],
                name="social_tip_open",
                condition=Q(unliked_at=None, settled_at=None),
            ),
            models.Index(fields=["settled_at"], name="social_tip_settled", condition=Q(settled_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.amount} by {self.spender_id}"


class UncountedTip(models.Model):
    """A tip that its post's figures do not hold yet, so that those who tip one post at once need not queue up.

    Made in the transaction of the tip, deleted by the one that counts it, right after or else within a minute.
    """

    tip_id = models.UUIDField(primary_key=True, help_text="The tip.")
    is_first = models.BooleanField(help_text="Whether its giver had no other tip on the post.")

    def __str__(self) -> str:
        return str(self.tip_id)


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
    post = models.ForeignKey(Post, models.CASCADE, related_name="decay_events", help_text="Which post.")
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
