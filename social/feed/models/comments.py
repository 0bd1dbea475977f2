from collections.abc import Sequence

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.members.models import Page, User
from config.lib.money import ZERO, CoinsField
from config.lib.rows import ChangingRow
from social.feed.models.lengths import length_between
from social.feed.models.posts import Post


class CommentQuerySet(models.QuerySet["Comment"]):
    """Filters over comments."""

    def visible(self) -> "CommentQuerySet":
        """Comments that are not removed."""
        return self.filter(deleted_at=None)

    def of_shown(self) -> "CommentQuerySet":
        """Those not removed, of pages and accounts whose words are shown."""
        return self.visible().filter(page__is_active=True, user__status__in=User.SHOWN)

    def public(self) -> "CommentQuerySet":
        """Those that a visitor may read: of shown writers, on posts of shown writers."""
        return self.of_shown().filter(post__in=Post.objects.visible_to(None).values("pk"))


class Comment(ChangingRow):
    """A reply to a post or to another comment on it."""

    post = models.ForeignKey(
        "social.Post", models.CASCADE, related_name="comments", db_index=False, help_text="On which post."
    )
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
    root = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="The comment on the post itself that its thread hangs from; empty for that one.",
    )
    content = models.TextField(_("comment"), help_text="1 to 1,000 characters.")
    html = models.TextField(
        blank=True, default="", db_default="", help_text="The text as safe HTML; empty when it is yet to be rendered."
    )
    total_tokens_received = CoinsField(default=ZERO, help_text="Tips received and not given back.")
    unique_spenders_count = models.PositiveIntegerField(default=0, help_text="Members with a tip on it.")
    was_free = models.BooleanField(default=True, help_text="One of the day's free ones.")
    token_cost = CoinsField(default=ZERO, help_text="What it cost its writer.")
    is_edited = models.BooleanField(
        default=False, db_default=False, help_text="Whether it was changed after the minutes in which that is free."
    )
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
    # And how it is laid out (social.feed.threads): what it stands below, how deep; whether a list of answers opens
    # below it, how long that is, and which lists end behind it; whether it stands apart from what it answers, and
    # whose that is; whether its thread has earlier answers, and behind which cursor there are more.
    above: "Comment | None" = None
    level = 0
    opens = False
    answers_shown = 0
    closes: "Sequence[Comment]" = ()
    is_adrift = False
    answered_page: "Page | None" = None
    has_earlier = False
    more_after = ""

    objects = CommentQuerySet.as_manager()

    class Meta(ChangingRow.Meta):
        constraints = [
            models.CheckConstraint(condition=length_between("content", 1000), name="social_comment_length"),
            models.CheckConstraint(
                condition=Q(was_free=True, token_cost=0) | Q(was_free=False, token_cost__gte=0),
                name="social_comment_cost",
            ),
            models.CheckConstraint(
                condition=Q(parent=None, root=None) | Q(parent__isnull=False, root__isnull=False),
                name="social_comment_rooted",
            ),
            models.UniqueConstraint(
                fields=["user", "key"], condition=Q(key__isnull=False), name="social_comment_key_once"
            ),
        ]
        indexes = [
            models.Index(fields=["post", "id"], name="social_comment_post"),
            models.Index(fields=["root", "id"], name="social_comment_root", condition=Q(root__isnull=False)),
            models.Index(
                fields=["post", "-total_tokens_received", "-id"],
                name="social_comment_top",
                condition=Q(parent=None),
            ),
            models.Index(fields=["post", "id"], name="social_comment_threads", condition=Q(parent=None)),
            models.Index(fields=["user", "-id"], name="social_comment_user"),
            models.Index(fields=["-id"], name="social_comment_unrendered", condition=Q(deleted_at=None, html="")),
        ]

    def __str__(self) -> str:
        return self.content[:60]
