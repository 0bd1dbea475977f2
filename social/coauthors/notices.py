"""What members hear of co-authors: that they are asked, and what was answered."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notifications.kinds import Gathered, Kind, path_in, register
from social.feed.addresses import address_of_post
from social.feed.models import Post


def _of_asking(gathered: Gathered) -> tuple[str, str]:
    title = _("%(who)s asks you to share in the tips of a post") % {"who": gathered.who()}
    return title, _quoted(gathered)


def _of_answers(gathered: Gathered) -> tuple[str, str]:
    if gathered.people > 1:
        title = _("%(who)s have answered whether they share in the tips of your post")
    elif gathered.data.get("agrees"):
        title = _("%(who)s shares in the tips of your post")
    else:
        title = _("%(who)s does not share in the tips of your post")
    return title % {"who": gathered.who()}, _quoted(gathered)


def _quoted(gathered: Gathered) -> str:
    about = gathered.data.get("about", "")
    return _("“%(words)s”") % {"words": about} if about else ""


def _about(_reference_type: str, ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    """What the posts say, and where they are; nothing for those that nobody may see. One query."""
    posts = Post.objects.visible_to(None).filter(pk__in=ids).only("title", "content")
    return {
        post.pk: {
            "about": Truncator(" ".join((post.title or post.content).split())).chars(80),
            "path": address_of_post(post.pk),
        }
        for post in posts
    }


def _path_of_asking(data: Mapping[str, Any]) -> str:
    """Where one answers; the post's address says which post."""
    post_id = path_in(data).strip("/").rpartition("/")[2]
    return reverse("social:answer_coauthor", args=[post_id]) if post_id else ""


def register_kinds() -> None:
    """Register them; called from `ready()`."""
    register(
        Kind(
            name="coauthor",
            label=gettext_lazy("Co-authorship"),
            icon="users",
            words=_of_asking,
            path=_path_of_asking,
            says=gettext_lazy("when you are asked to share in the tips of a post"),
            look_up=_about,
        )
    )
    register(
        Kind(
            name="coauthor-answer",
            label=gettext_lazy("Answers of co-authors"),
            icon="users",
            words=_of_answers,
            says=gettext_lazy("when those you asked agree or not"),
            look_up=_about,
        )
    )
