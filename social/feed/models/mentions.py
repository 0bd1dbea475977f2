from django.db import models
from django.db.models import F, Q

from config.lib.rows import Row


class Mention(Row):
    """A page that a post or comment names with @, and whose member was told so, once."""

    post = models.ForeignKey(
        "social.Post",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="mentions",
        db_index=False,
        help_text="In which post,",
    )
    comment = models.ForeignKey(
        "social.Comment",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="mentions",
        db_index=False,
        help_text="or in which comment.",
    )
    page = models.ForeignKey("accounts.Page", models.CASCADE, related_name="mentions", help_text="Who is named.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False, comment__isnull=True) | Q(post__isnull=True, comment__isnull=False),
                name="social_mention_one_place",
            ),
            models.UniqueConstraint(
                fields=["post", "page"], condition=Q(post__isnull=False), name="social_mention_in_post_once"
            ),
            models.UniqueConstraint(
                fields=["comment", "page"], condition=Q(comment__isnull=False), name="social_mention_in_comment_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page_id} in {self.post_id or self.comment_id}"


class Quote(Row):
    """A post that another one links to; it is shown below that one's words."""

    post = models.ForeignKey(
        "social.Post", models.CASCADE, related_name="quotes", db_index=False, help_text="Which post links."
    )
    quoted = models.ForeignKey("social.Post", models.CASCADE, related_name="quoted_by", help_text="To which one.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "quoted"], name="social_quote_once"),
            models.CheckConstraint(condition=~Q(post=F("quoted")), name="social_quote_another"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} → {self.quoted_id}"
