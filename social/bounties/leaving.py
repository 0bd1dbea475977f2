"""What happens to the bounties of members who leave for good: the coins go back to their wallet, and from there on."""

from accounts.departures.forgetting import Leaving
from social.bounties import operations


def return_at_erasing(leaving: Leaving) -> bool:
    """A step of erasing a member: open bounties of theirs go back; whether more are left."""
    return operations.return_bounties_of(leaving.member, at=leaving.at) > 0
