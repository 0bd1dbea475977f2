"""A bounty as something that a post carries."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.members.models import User
from economy.ledger.models import Transfer
from social.bounties import operations
from social.bounties.forms import OfferBounty
from social.bounties.serializers import OfferBounty as OfferBountyBody
from social.bounties.serializers import ShownBounty
from social.feed import extras
from social.feed.models import Post


def _prepare(author: User, _value: Any) -> None:
    operations.hold_wallet(author)


def _attach(*, post: Post, author: User, value: Any, channel: Transfer.Channel, at: datetime) -> dict[str, Any]:
    """Promise it. What becomes of it is put on the card by whatever resolves it."""
    lasts = timedelta(days=value["days"])
    operations.offer_bounty(author=author, post=post, coins=value["amount"], lasts=lasts, channel=channel, at=at)
    ends_at = (at + lasts).isoformat()
    return {"amount": f"{value['amount']:.2f}", "ends_at": ends_at, "state": "open", "comment": None}


def register() -> None:
    """Let posts promise bounties; called from `ready()`."""
    extras.register(
        extras.Extra(
            name="bounty",
            label=_("Bounty"),
            icon="trophy",
            form=OfferBounty,
            form_template="social/bounties/_form.html",
            card_template="social/bounties/_card.html",
            body=lambda: OfferBountyBody(required=False, allow_null=True),
            shown=ShownBounty,
            attach=_attach,
            prepare=_prepare,
        )
    )
