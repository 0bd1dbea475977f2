"""Questions of the demo: polls that people vote in, and bounties for the best answer.

The choices have a chance of their own, so that whoever adds one here does not change what the others do.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from config.demo.texts import Text, found
from economy.ledger.models import Transfer
from social.bounties import operations as bounties
from social.feed.models import Comment
from social.polls import operations as polls
from social.polls.models import PollOption

if TYPE_CHECKING:
    from config.demo.story import Inhabitant, Story

# What posts of these titles (or first words) carry.
_POLLS = {
    "Which knife, if only one?": (("The big chef's knife", "The small one", "Bread knife", "A cleaver"), 3),
    "What should the treasury be for?": (
        ("Benches, lamps and trees", "A fund for repairs", "Give it to everyone", "Keep it for a hard winter"),
        7,
    ),
    "Is it good that tips are public?": (("Yes", "No", "The sum, not the names"), 7),
    "A hedge instead of a fence?": (("Hedge", "Fence", "Neither: ask the neighbours first"), 3),
}
_BOUNTIES = {
    "How do you ask strangers?": (Decimal("25.00"), 7),
    "Question for the people with cargo bikes": (Decimal("12.50"), 5),
    "Is there a word for the moment": (Decimal("5.00"), 2),
}
_TODAY = ("Which knife, if only one?", "How do you ask strangers?")  # still open when the story ends
_LEFT = Decimal(20)  # nobody promises their last coins


@dataclass
class Asking:
    """What is asked on the way; `story` tells when."""

    story: "Story"
    chance: random.Random

    def is_for_today(self, text: Text) -> bool:
        """Whether a text is kept for the story's last day."""
        return found(text, _TODAY) is not None

    def carried_by(self, text: Text, author: "Inhabitant") -> dict[str, Any]:
        """What a post of this text carries, if its author can afford it."""
        carried: dict[str, Any] = {}
        if poll := found(text, _POLLS):
            options, days = _POLLS[poll]
            carried["poll"] = {"options": list(options), "minutes": days * 1440}
        if bounty := found(text, _BOUNTIES):
            coins, days = _BOUNTIES[bounty]
            author.wallet.refresh_from_db()
            if author.wallet.available >= coins + _LEFT:
                carried["bounty"] = {"amount": coins, "days": days}
        return carried

    def asked(self, carried: dict[str, Any], author: "Inhabitant", post_id: UUID, at: datetime) -> None:
        """A post with these is out: plan who votes when, and when an answer is chosen."""
        clock = self.story.clock
        if "poll" in carried:
            options = list(PollOption.objects.filter(poll__post=post_id).order_by("place").values_list("pk", flat=True))
            liked = [self.chance.uniform(0.2, 1) for _option in options]
            for one in self.story.people:
                if self.chance.random() < 0.6:
                    (option,) = self.chance.choices(options, liked)
                    later = at + timedelta(hours=0.1 + self.chance.expovariate(1 / 9))
                    clock.at(later, partial(self._vote, one, post_id, option))
        if "bounty" in carried:
            wait = timedelta(days=carried["bounty"]["days"] * self.chance.uniform(0.3, 0.9))
            clock.at(at + wait, partial(self._choose, author, post_id))

    def settle(self, at: datetime) -> None:
        """What the house does with what is over."""
        polls.close_polls(at=at)
        bounties.return_bounties(at=at)

    def _vote(self, one: "Inhabitant", post_id: UUID, option: UUID, at: datetime) -> None:
        polls.cast_vote(voter=one.member, post_id=post_id, option_id=option, at=at)

    def _choose(self, author: "Inhabitant", post_id: UUID, at: datetime) -> None:
        """The answer that has been tipped most, or the first one."""
        answers = Comment.objects.filter(post=post_id, deleted_at=None).exclude(user=author.member)
        best = answers.order_by("-total_tokens_received", "id").first()
        if best is not None:
            bounties.award_bounty(
                author=author.member, post_id=post_id, comment_id=best.pk, channel=Transfer.Channel.WEB, at=at
            )
