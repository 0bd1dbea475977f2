"""What can be found, as the words it consists of: one narrow row beside each post, comment and page.

Not columns of those tables: a post's row is rewritten by every tip, and each time its words would go into the index
anew; and every list of posts would carry them. The rows are kept by triggers, and only when words change.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class PostWords(models.Model):
    """The words of a post that is out and not removed."""

    post = models.OneToOneField(
        "social.Post", models.CASCADE, primary_key=True, related_name="found_by", help_text="Which post."
    )
    words = SearchVectorField(help_text="Stems of its title (weight A) and text, by PostgreSQL's English rules.")

    class Meta:
        indexes = [GinIndex(fields=["words"], name="social_postwords_words")]

    def __str__(self) -> str:
        return f"words of {self.post_id}"


class CommentWords(models.Model):
    """The words of a comment that is not removed."""

    comment = models.OneToOneField(
        "social.Comment", models.CASCADE, primary_key=True, related_name="found_by", help_text="Which comment."
    )
    words = SearchVectorField(help_text="Stems of its text, by PostgreSQL's English rules.")

    class Meta:
        indexes = [GinIndex(fields=["words"], name="social_commentwords_words")]

    def __str__(self) -> str:
        return f"words of {self.comment_id}"


class PageWords(models.Model):
    """The words of a page that its member has not closed."""

    page = models.OneToOneField(
        "accounts.Page", models.CASCADE, primary_key=True, related_name="found_by", help_text="Which page."
    )
    words = SearchVectorField(
        help_text="Its names as they are written (weight A), and stems of what it tells of itself."
    )

    class Meta:
        indexes = [GinIndex(fields=["words"], name="social_pagewords_words")]

    def __str__(self) -> str:
        return f"words of {self.page_id}"
