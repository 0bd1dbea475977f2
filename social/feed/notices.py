"""What members hear of the feed: tips, comments, answers, mentions, followers."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.members.models import Page
from accounts.notifications.kinds import Gathered, Kind, path_in, quoted_from, register
from config.lib.excerpts import cut_text, plain
from config.lib.markdown import written
from config.lib.wording import coins_in_words
from social.feed.addresses import address_of_comment, address_of_post
from social.feed.models import Comment, Post

_LONGEST = 80


def _more(gathered: Gathered) -> str:
    """Who they were, when the title does not say it, and about which words it is."""
    about = gathered.data.get("about", "")
    quoted = _("“%(words)s”") % {"words": about} if about else ""
    return " · ".join(part for part in (gathered.among_them(), quoted) if part)


def _of_tips(gathered: Gathered) -> tuple[str, str]:
    title = _("%(who)s tipped you %(coins)s") % {"who": gathered.who(), "coins": coins_in_words(gathered.coins)}
    return title, _more(gathered)


def _of_comments(gathered: Gathered) -> tuple[str, str]:
    if gathered.count == gathered.people == 1:
        return _("%(who)s commented on your post") % {"who": gathered.who()}, _more(gathered)
    title = ngettext(
        "%(n)d comment on your post, by %(who)s", "%(n)d comments on your post, by %(who)s", gathered.count
    )
    return title % {"n": gathered.count, "who": gathered.who()}, _more(gathered)


def _of_replies(gathered: Gathered) -> tuple[str, str]:
    if gathered.count == gathered.people == 1:
        return _("%(who)s answered your comment") % {"who": gathered.who()}, _more(gathered)
    title = ngettext(
        "%(n)d answer to your comment, by %(who)s", "%(n)d answers to your comment, by %(who)s", gathered.count
    )
    return title % {"n": gathered.count, "who": gathered.who()}, _more(gathered)


def _of_mentions(gathered: Gathered) -> tuple[str, str]:
    return _("%(who)s mentioned you") % {"who": gathered.who()}, _more(gathered)


def _of_refunds(gathered: Gathered) -> tuple[str, str]:
    title = _("%(coins)s of your tips came back") % {"coins": coins_in_words(gathered.coins)}
    return title, _("What you had tipped was removed within the time for taking tips back.")


def _of_follows(gathered: Gathered) -> tuple[str, str]:
    title = ngettext("%(who)s follows %(page)s", "%(who)s follow %(page)s", gathered.people)
    return title % {"who": gathered.who(), "page": gathered.data.get("about", "")}, gathered.among_them()


def _about(reference_type: str, ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    """What posts, comments and pages say, and where they are; nothing for those that nobody may see. One query."""
    if reference_type == "post":
        posts = Post.objects.visible_to(None).filter(pk__in=ids).only("title", "content", "html")
        return {post.pk: {"about": _short(post), "path": address_of_post(post.pk)} for post in posts}
    if reference_type == "comment":
        comments = Comment.objects.public().filter(pk__in=ids)
        return {
            comment.pk: {
                "about": _short(comment),
                "path": address_of_comment(comment.post_id, comment.pk),
            }
            for comment in comments.only("content", "html", "post_id")
        }
    pages = Page.objects.filter(pk__in=ids, is_active=True).only("username")
    return {
        page.pk: {"about": f"@{page.username}", "path": reverse("social:followers", args=[page.username])}
        for page in pages
    }


def _short(row: Post | Comment) -> str:
    title = getattr(row, "title", "")
    return cut_text(title, _LONGEST) if title else plain(written(row), _LONGEST)


def _path_of_comment(data: Mapping[str, Any]) -> str:
    """The post, at the comment that came last."""
    path = path_in(data)
    where, comment = path.partition("?")[0].partition("#")[0], data.get("comment")
    return f"{where}?comment={comment}#comment-{comment}" if comment else path


def register_kinds() -> None:
    """Register them, and what notices may quote; called from `ready()`."""
    quoted_from("post", lambda: Post.objects.visible_to(None))
    quoted_from("comment", Comment.objects.public)
    for kind in (
        Kind(
            name="tip",
            label=gettext_lazy("Tips"),
            icon="hand-coins",
            words=_of_tips,
            says=gettext_lazy("for what you have written"),
            look_up=_about,
        ),
        Kind(
            name="refund",
            label=gettext_lazy("Coins that come back"),
            icon="undo-2",
            words=_of_refunds,
            path=lambda _data: f"{reverse('economy:wallet')}?kind=TIP_REFUND",
            says=gettext_lazy("when what you tipped is removed"),
        ),
        Kind(
            name="comment",
            label=gettext_lazy("Comments"),
            icon="message-circle",
            words=_of_comments,
            path=_path_of_comment,
            says=gettext_lazy("on your posts"),
            look_up=_about,
        ),
        Kind(
            name="reply",
            label=gettext_lazy("Answers"),
            icon="reply",
            words=_of_replies,
            path=_path_of_comment,
            says=gettext_lazy("to your comments"),
            look_up=_about,
        ),
        Kind(
            name="mention",
            label=gettext_lazy("Mentions"),
            icon="at-sign",
            words=_of_mentions,
            says=gettext_lazy("when somebody names one of your pages with @"),
            look_up=_about,
        ),
        Kind(
            name="follow",
            label=gettext_lazy("Followers"),
            icon="user-plus",
            words=_of_follows,
            says=gettext_lazy("who follows your pages"),
            look_up=_about,
            quotes=(),  # the member's own page
        ),
    ):
        register(kind)
