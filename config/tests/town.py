"""The place of the chaos story: who lives there, and how something is attempted that may be refused or cut off."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from hypothesis.stateful import RuleBasedStateMachine, initialize

from accounts.badges.models import UserActivity
from accounts.members.models import User
from accounts.members.operations import join
from config.lib import limits
from config.lib.refusals import Refused
from config.tests.crashes import Crash, crashing
from economy.ledger.models import Fund, Posting, Transfer, TransferKind
from economy.ledger.operations import move
from economy.ledger.queries import fund_balances
from economy.rewards.models import RewardRule
from social.feed import operations as feed

WEB = Transfer.Channel.WEB
BEGIN = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)  # a Monday
MOST = 7  # members of one community, who begin as four


def name_of(made: Any) -> UUID | None:
    """The id of the row that a command has made, or of the transfer where it made no other."""
    return getattr(made, "pk", None) or getattr(made, "transfer_id", None)


class Town(RuleBasedStateMachine):
    """One community, in a transaction that is rolled back at its end; steps of it commit as savepoints."""

    def __init__(self) -> None:
        super().__init__()
        self.whole = transaction.atomic()
        self.whole.__enter__()
        limits.forget_all()
        self.at = BEGIN
        self.members: list[Any] = []
        self.said: list[tuple[Callable[[], Any], Any]] = []
        self.created = Decimal(0)
        self.numbers = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.whole.__exit__(None, None, None)

    @initialize()
    def people_join(self) -> None:
        for _number in range(4):
            self.joined()
        self.staff = [self.joined(is_staff=True) for _number in range(2)]
        for slug, coins in (("first-post", 10), ("thread", 3)):
            RewardRule.objects.update_or_create(
                slug=slug, defaults={"trigger": slug, "amount": coins, "daily_cap": 3 * coins, "weekly_cap": 5 * coins}
            )
        # Enough to be taxed in every bracket, a treasury that can pay, and words to tip: else little would happen.
        coins = [Decimal(250), Decimal(900), Decimal(4_000), Decimal(9_000)]
        move(
            kind=TransferKind.STAFF_GRANT,
            at=self.at,
            wallets=[(member.wallet.pk, some) for member, some in zip(self.members, coins, strict=True)],
            funds=[(Fund.ISSUANCE, -sum(coins) - 1_000), (Fund.TREASURY, Decimal(1_000))],
            actor=None,
            channel=Transfer.Channel.ADMIN,
        )
        for member in self.members:
            feed.write_post(author=member, content=f"The first words of {member.pk}", channel=WEB, at=self.at)
            UserActivity.objects.get_or_create(user=member, day=self.at.date())
        self.created = -fund_balances()[Fund.ISSUANCE]

    def joined(self, *, is_staff: bool = False) -> Any:
        self.numbers += 1
        name = f"chaos_{self.numbers}"
        member = join(phone_number=f"+49170555{self.numbers:04}", username=name, display_name="C", at=self.at)
        if is_staff:
            member.role, member.two_factor_secret = User.Role.ADMIN, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
            member.two_factor_confirmed_at = timezone.now()
            member.save()
        else:
            self.members.append(member)
        return member

    def member(self, number: int) -> Any:
        return self.members[number % len(self.members)]

    def key(self) -> str:
        self.numbers += 1
        return f"chaos-{self.numbers}"

    def attempt(self, act: Callable[[], Any], *, dies_after: int | None = None) -> Any:
        """Do something that may be refused, or cut off in the middle: then nothing of it may be left in part."""
        try:
            with transaction.atomic(), crashing(dies_after):
                return act()
        except (Refused, Crash):
            return None

    def command(self, act: Callable[[], Any], who: Any, dies_after: int | None) -> None:
        """A command with a key: its reply may be lost, so it is kept, to be said again."""
        done = self.attempt(act, dies_after=dies_after)
        self.said.append((act, name_of(done)))

    def job(self, run: Callable[[], Any], dies: int | None) -> None:
        """A job commits in parts: what was done before a crash stays. Run twice it has nothing to do."""
        try:
            with crashing(dies):
                run()
        except Crash:
            return
        before = Posting.objects.count()
        run()
        assert Posting.objects.count() == before, "a job that had ended did something again"

    def pick(self, rows: Any, number: int, *, by: str = "pk") -> Any:
        """The id of one of the rows; of nothing where there is none, which is then refused as not there.

        What is drawn must not depend on the rows, or a story could not be told again to shorten it.
        """
        ids = list(getattr(rows, "objects", rows).order_by(by).values_list(by, flat=True))
        return ids[number % len(ids)] if ids else UUID(int=0)
