"""What members hear of polls: that one has ended."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.notifications.kinds import Gathered, Kind, register
from social.feed.models import Post

_LONGEST = 80


def _of_polls(gathered: Gathered) -> tuple[str, str]:
    data = gathered.data
    title = _("Your poll has ended") if data.get("is_own") else _("A poll you voted in has ended")
    voters = int(data.get("voters", 0))
    if data.get("answer"):
        said = _("%(answer)s: %(votes)d of %(voters)d votes") % {
            "answer": data["answer"],
            "votes": data["votes"],
            "voters": voters,
        }
    else:
        said = ngettext("%(n)d vote", "%(n)d votes", voters) % {"n": voters} if voters else _("Nobody voted.")
    quoted = _("“%(words)s”") % {"words": data["about"]} if data.get("about") else ""
    return title, " · ".join(part for part in (quoted, said) if part)


def _about(reference_type: str, ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    """The posts that asked; nothing for those that nobody may see. One query."""
    posts = Post.objects.visible_to(None).filter(pk__in=ids).only("title", "content")
    return {
        post.pk: {
            "about": Truncator(" ".join((post.title or post.content).split())).chars(_LONGEST),
            "path": f"{reverse('social:read_post', args=[post.pk])}#poll-{post.pk}",
        }
        for post in posts
    }


def register_kinds() -> None:
    """Register them; called from `ready()`."""
    register(
        Kind(
            name="poll",
            label=gettext_lazy("Polls"),
            icon="chart-column",
            words=_of_polls,
            says=gettext_lazy("when one of yours, or one you voted in, has ended"),
            look_up=_about,
            quotes=("about", "answer"),
        )
    )
