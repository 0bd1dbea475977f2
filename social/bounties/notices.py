"""What members hear of bounties: that their answer was chosen, that coins they had promised came back."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notifications.kinds import Gathered, Kind, register
from config.lib.wording import coins_in_words
from social.feed.addresses import address_of_comment
from social.feed.models import Comment

_LONGEST = 80


def _of_awards(gathered: Gathered) -> tuple[str, str]:
    title = _("%(who)s chose your answer: %(coins)s are yours") % {
        "who": gathered.who(),
        "coins": coins_in_words(gathered.coins),
    }
    about = gathered.data.get("about", "")
    return title, _("“%(words)s”") % {"words": about} if about else ""


def _of_returns(gathered: Gathered) -> tuple[str, str]:
    title = _("%(coins)s that you had promised came back") % {"coins": coins_in_words(gathered.coins)}
    if gathered.data.get("is_removed"):
        return title, _("The post with the bounty was removed.")
    return title, _("No answer was chosen within the time of the bounty.")


def _about(reference_type: str, ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    """The chosen answers; nothing for those that nobody may see. One query."""
    comments = Comment.objects.public().filter(pk__in=ids).only("content", "post_id")
    return {
        comment.pk: {
            "about": Truncator(" ".join(comment.content.split())).chars(_LONGEST),
            "path": address_of_comment(comment.post_id, comment.pk),
        }
        for comment in comments
    }


def register_kinds() -> None:
    """Register them; called from `ready()`."""
    register(
        Kind(
            name="bounty",
            label=gettext_lazy("Bounties"),
            icon="trophy",
            words=_of_awards,
            says=gettext_lazy("when your answer is chosen"),
            look_up=_about,
        )
    )
    register(
        Kind(
            name="bounty-back",
            label=gettext_lazy("Bounties that come back"),
            icon="undo-2",
            words=_of_returns,
            path=lambda _data: f"{reverse('economy:wallet')}?kind=BOUNTY_RETURN",
            says=gettext_lazy("when none of the answers was chosen in time"),
        )
    )
