"""Where posts and comments are: said by pages, notices, statements and the admin alike."""

from typing import Any

from django.urls import reverse


def address_of_post(post_id: Any) -> str:
    """The page of a post."""
    return reverse("social:read_post", args=[post_id])


def address_of_comment(post_id: Any, comment_id: Any) -> str:
    """The page of a post, at a comment, on whichever page of its threads that stands."""
    return f"{address_of_post(post_id)}?comment={comment_id}#comment-{comment_id}"
