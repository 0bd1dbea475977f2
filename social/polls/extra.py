"""A poll as something that a post carries."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from social.feed import extras
from social.feed.models import Post
from social.polls import operations, queries
from social.polls.forms import AskPoll
from social.polls.serializers import AskPoll as AskPollBody
from social.polls.serializers import ShownPoll


def _attach(*, post: Post, value: Any, at: datetime, **_given: Any) -> dict[str, Any]:
    """Ask it. While it runs the card shows the answers alone; at its end the result joins them."""
    lasts = timedelta(minutes=value["minutes"])
    options = operations.ask(post=post, answers=value["options"], lasts=lasts, at=at)
    return {
        "ends_at": (at + lasts).isoformat(),
        "voters": None,
        "options": [{"id": str(option.pk), "text": option.text, "votes": None, "share": None} for option in options],
    }


def _on_page(post: Post, reader: Any, at: datetime) -> Mapping[str, Any]:
    return {"tally": queries.tally_of(post.pk, reader, at)}


def register() -> None:
    """Let posts ask; called from `ready()`."""
    extras.register(
        extras.Extra(
            name="poll",
            label=_("Poll"),
            icon="chart-column",
            form=AskPoll,
            form_template="social/polls/_form.html",
            card_template="social/polls/_card.html",
            body=lambda: AskPollBody(required=False, allow_null=True),
            shown=ShownPoll,
            attach=_attach,
            on_page=_on_page,
        )
    )
