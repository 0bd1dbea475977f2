"""What members have said, as search finds it: registered when the app is ready."""

from django.utils.translation import gettext_lazy as _

from social.search import kinds
from social.search.queries.comments import find_comments, show_comments
from social.search.queries.hashtags import find_hashtags, show_hashtags
from social.search.queries.pages import find_pages, show_pages
from social.search.queries.posts import find_posts, show_posts


def register() -> None:
    """Pages, hashtags, posts and comments can be found."""
    kinds.register(
        kinds.Kind(
            name="pages",
            label=_("Pages"),
            icon="users",
            find=find_pages,
            show=show_pages,
            template="social/search/_page.html",
            config="simple",
            by_beginning=True,
        )
    )
    kinds.register(
        kinds.Kind(
            name="hashtags",
            label=_("Hashtags"),
            icon="hash",
            find=find_hashtags,
            show=show_hashtags,
            template="social/search/_hashtag.html",
            config="simple",
            by_beginning=True,
            at_a_glance=6,
        )
    )
    kinds.register(
        kinds.Kind(
            name="posts",
            label=_("Posts"),
            icon="file-text",
            find=find_posts,
            show=show_posts,
            template="social/search/_post.html",
            at_a_glance=10,
        )
    )
    kinds.register(
        kinds.Kind(
            name="comments",
            label=_("Comments"),
            icon="message-circle",
            find=find_comments,
            show=show_comments,
            template="social/search/_comment.html",
            at_a_glance=5,
        )
    )
