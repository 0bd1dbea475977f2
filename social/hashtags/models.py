from django.db import models
from django.db.models import Q

from config.lib.rows import Row


class Hashtag(Row):
    """A word that posts are filed under, in small letters and without its #."""

    name = models.CharField(max_length=50, unique=True, help_text="Without #, in small letters (casefold, NFKC).")
    posts_count = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Posts under it that can be seen; kept by triggers."
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="social_hashtag_name")]
        indexes = [models.Index(fields=["-posts_count", "name"], name="social_hashtag_used")]

    def __str__(self) -> str:
        return f"#{self.name}"


class PostTag(Row):
    """A post is filed under a hashtag."""

    post = models.ForeignKey(
        "social.Post", models.CASCADE, related_name="tags", db_index=False, help_text="Which post."
    )
    hashtag = models.ForeignKey(
        Hashtag, models.CASCADE, related_name="posts", db_index=False, help_text="Under which hashtag."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "hashtag"], name="social_posttag_once")]
        indexes = [models.Index(fields=["hashtag", "-post"], name="social_posttag_newest")]

    def __str__(self) -> str:
        return f"{self.post_id} under {self.hashtag_id}"
