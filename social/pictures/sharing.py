"""The first picture of a post, for the card of a link to it."""

from django.core.files.storage import default_storage

from config.lib.links import absolute
from social.feed.models import Post
from social.pictures import rules
from social.sharing.queries import Image


def first_picture(post: Post) -> Image | None:
    """The largest file of a post's first picture; None for a post without any. No query."""
    pictures = post.carries.get("pictures")
    if not pictures:
        return None
    name, width, height = rules.sizes(pictures[0])[-1]
    return Image(absolute(default_storage.url(name)), width, height, pictures[0]["alt"])
