"""What bounties tell the statement: who stood on the other side of one that was paid."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Q

from accounts.members.models import Page, User
from config.lib import walls
from economy.ledger import causes
from economy.ledger.models import Posting, TransferKind
from economy.ledger.queries import prove
from social.bounties.models import Bounty

# What waits in the content fund, waits there for a tip or a bounty.
_CONTENT = """
    SELECT held.coins, tips.coins, bounties.coins FROM
      (SELECT coalesce(sum(amount), 0) AS coins FROM (
        SELECT fund, balance AS amount FROM economy_fundbalance UNION ALL SELECT fund, amount FROM economy_fundentry
      ) AS parts WHERE fund = 'content') AS held,
      (SELECT coalesce(sum(amount), 0) AS coins FROM social_tip
        WHERE unliked_at IS NULL AND settled_at IS NULL) AS tips,
      (SELECT coalesce(sum(amount), 0) AS coins FROM social_bounty
        WHERE awarded_at IS NULL AND returned_at IS NULL) AS bounties
    WHERE held.coins <> tips.coins + bounties.coins
"""


def register() -> None:
    """Add them; called from `ready()`."""
    causes.register_other_side(_Awards())
    walls.opens("social_bounty", "id", "post_id", "comment_id")
    prove(3, "the content fund holds the open tips and the open bounties", _CONTENT)


class _Awards:
    """Bounties got for an answer: from the page that promised it. Whoever promised it sees the coins go to the fund."""

    kinds: tuple[str, ...] = (TransferKind.BOUNTY_AWARD,)

    def pages(self, member: User, lines: Sequence[Posting]) -> Mapping[UUID, UUID]:
        rows = Bounty.objects.filter(comment__in={line.transfer.reference_id for line in lines})
        by = dict(rows.values_list("comment_id", "post__page_id"))
        return {line.transfer_id: by[line.transfer.reference_id] for line in lines if line.transfer.reference_id in by}

    def with_page(self, member: User, page: Page) -> Q:
        got = Bounty.objects.filter(comment__user=member, post__page=page)
        return Q(transfer__reference_id__in=got.values("comment_id"))
