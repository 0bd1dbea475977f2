from django.db import models

from config.lib.rows import Row


class PostEdition(Row):
    """The words of a post before one of its changes; changes in its first minutes leave none."""

    post = models.ForeignKey(
        "social.Post", models.CASCADE, related_name="editions", help_text="Whose words they were until it was made."
    )
    title = models.CharField(max_length=200, blank=True, help_text="The heading then.")
    content = models.TextField(help_text="The text then.")

    def __str__(self) -> str:
        return f"{self.post_id} until {self.created_at:%Y-%m-%d %H:%M}"


class CommentEdition(Row):
    """The words of a comment before one of its changes; changes in its first minutes leave none."""

    comment = models.ForeignKey(
        "social.Comment", models.CASCADE, related_name="editions", help_text="Whose words they were until it was made."
    )
    content = models.TextField(help_text="The text then.")

    def __str__(self) -> str:
        return f"{self.comment_id} until {self.created_at:%Y-%m-%d %H:%M}"
