"""What members, staff and jobs do in `test_chaos`: everything that moves coins or ties them up, at random."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from hypothesis import strategies as st
from hypothesis.stateful import rule

from accounts.badges.models import UserActivity
from accounts.wallets.models import Wallet
from config.lib import cycle, limits
from config.tests.town import MOST, WEB, Town, name_of
from economy.grants import operations as grants
from economy.grants.models import GrantRequest
from economy.ledger.models import Lock, Posting
from economy.ledger.operations import give, hold, release, roll_up_funds
from economy.rewards import operations as rewards
from economy.vault.operations import open_vault
from economy.withdrawals import operations as withdrawals
from economy.withdrawals.models import WithdrawalRequest
from social.boosts.operations import boost_post
from social.bounties import operations as bounties
from social.bounties.models import Bounty
from social.coauthors import operations as coauthors
from social.coauthors.models import CoAuthor
from social.feed import operations as feed
from social.feed.models import Comment, Post, Tip

BANK = {"holder": "Chaos Example", "iban": "DE89370400440532013000"}

someone = st.integers(0, MOST - 1)
cents = st.one_of(st.integers(1, 500), st.integers(1, 20_000)).map(lambda n: Decimal(n) / 100)
tips = st.integers(90, 1_010).map(lambda n: Decimal(n) / 100)
large = st.sampled_from(["499.99", "500.00", "501.01", "777.77", "1200.00", "4000.00"]).map(Decimal)
which = st.integers(0, 40)
dying = st.none() | st.integers(0, 12)
# Back an hour, on within a window, past the end of one, past a week, past two, past the vault's days. Drawn from a
# list: numbers drawn from a wide span are mostly small, and then no week would ever end.
JUMPS = [timedelta(hours=hours) for hours in (-1, 0, 1, 23, 25, 72, 7 * 24, 15 * 24, 31 * 24)]


class Community(Town):
    """Everything that its people, staff and jobs do."""

    @rule(giver=someone, receiver=someone, coins=cents, dies=st.none() | st.integers(0, 8))
    def give(self, giver: int, receiver: int, coins: Decimal, dies: int | None) -> None:
        one, other, key, at = self.member(giver), self.member(receiver), self.key(), self.at
        self.command(
            lambda: give(
                giver=Wallet.objects.select_related("user").get(user=one),
                receiver=Wallet.objects.select_related("user").get(user=other),
                coins=coins, memo="", key=key, channel=WEB, at=at,
            ),
            one,
            dies,
        )  # fmt: skip

    @rule(author=someone, dies=st.none() | st.integers(0, 12))
    def write(self, author: int, dies: int | None) -> None:
        member, key, at = self.member(author), self.key(), self.at
        self.command(
            lambda: feed.write_post(author=member, content=f"Words {key}", channel=WEB, at=at, key=key), member, dies
        )

    @rule(
        author=someone,
        others=st.lists(someone, min_size=1, max_size=3),
        percent=st.integers(1, 40),
        agree=st.booleans(),
        dies=dying,
    )
    def write_together(self, author: int, others: list[int], percent: int, agree: bool, dies: int | None) -> None:
        """A post in whose tips others are asked to share; refused when one is named twice, or asks oneself."""
        member, key, at = self.member(author), self.key(), self.at
        asked = [{"username": self.member(other).primary_page.username, "percent": percent} for other in others]
        self.command(
            lambda: feed.write_post(
                author=member, content=f"Words {key}", channel=WEB, at=at, key=key, carrying={"coauthors": asked}
            ),
            member,
            dies,
        )
        for place in range(CoAuthor.objects.count() if agree else 0):
            self.agree_to_share(place, agrees=True, dies=None)
        for spender in range(len(self.members) if agree else 0):
            self.tip(spender, 2, Decimal("5.00"), None)

    @rule(place=which, agrees=st.sampled_from([True, True, True, False]), dies=dying)
    def agree_to_share(self, place: int, agrees: bool, dies: int | None) -> None:
        """Or no longer."""
        rows = CoAuthor.objects.filter(answer=CoAuthor.Answer.WAITING) if place % 4 else CoAuthor.objects.all()
        asked = CoAuthor.objects.select_related("user").filter(pk=self.pick(rows, place)).first()
        if asked is not None:
            self.attempt(
                lambda: coauthors.answer(member=asked.user, post_id=asked.post_id, agrees=agrees, at=self.at),
                dies_after=dies,
            )

    @rule(author=someone, coins=cents, days=st.sampled_from([1, 7, 30]), dies=st.none() | st.integers(0, 14))
    def write_with_a_bounty(self, author: int, coins: Decimal, days: int, dies: int | None) -> None:
        member, key, at = self.member(author), self.key(), self.at
        bounty = {"bounty": {"amount": coins, "days": days}}
        self.command(
            lambda: feed.write_post(
                author=member, content=f"Words {key}", channel=WEB, at=at, key=key, carrying=bounty
            ),
            member,
            dies,
        )

    @rule(place=which, answered=st.booleans(), commenter=someone, chooser=someone, dies=dying)
    def choose_an_answer(self, place: int, answered: bool, commenter: int, chooser: int, dies: int | None) -> None:
        """To a post with a bounty, nearly always by who promised it; said twice it changes nothing."""
        promised = Bounty.objects.filter(resolved_by=None) if place % 4 else Bounty.objects.all()
        post = self.pick(promised, place, by="post")
        author = Bounty.objects.filter(post=post).values_list("user", flat=True).first()
        if answered:
            key, speaker = self.key(), self.member(commenter)
            self.attempt(
                lambda: feed.write_comment(
                    author=speaker, post_id=post, content=f"Words {key}", channel=WEB, at=self.at, key=key
                )
            )
        answers = Comment.objects.filter(post=post)
        answer = self.pick(answers.exclude(user=author) if place % 4 else answers, place)
        member = next((one for one in self.members if one.pk == author and place % 5), self.member(chooser))
        for _time in range(2):
            self.attempt(
                lambda: bounties.award_bounty(author=member, post_id=post, comment_id=answer, channel=WEB, at=self.at),
                dies_after=dies,
            )

    @rule(author=someone, place=which, dies=st.none() | st.integers(0, 12))
    def comment(self, author: int, place: int, dies: int | None) -> None:
        member, post, key, at = self.member(author), self.pick(Post, place), self.key(), self.at
        self.command(
            lambda: feed.write_comment(
                author=member, post_id=post, content=f"Words {key}", channel=WEB, at=at, key=key
            ),
            member,
            dies,
        )

    @rule(author=someone, place=which)
    def comment_often(self, author: int, place: int) -> None:
        """More than are free on a day."""
        for _time in range(5):
            self.comment(author, place, None)

    @rule(spender=someone, place=which, coins=tips, dies=st.none() | st.integers(0, 6))
    def tip(self, spender: int, place: int, coins: Decimal, dies: int | None) -> None:
        member, key, at = self.member(spender), self.key(), self.at
        act: Callable[..., Any]
        shared = CoAuthor.objects.filter(answer=CoAuthor.Answer.YES)
        if Comment.objects.exists() and place % 2:
            act, given = feed.tip_comment, {"comment_id": self.pick(Comment, place)}
        elif shared.exists() and place % 4:
            act, given = feed.tip_post, {"post_id": self.pick(shared, place, by="post")}
        else:
            act, given = feed.tip_post, {"post_id": self.pick(Post, place)}
        self.command(lambda: act(spender=member, coins=coins, channel=WEB, at=at, key=key, **given), member, dies)

    @rule(spender=someone, place=which)
    def take_back(self, spender: int, place: int) -> None:
        tip = self.pick(Tip, place)
        self.attempt(lambda: feed.take_back(spender=self.member(spender), tip_id=tip, channel=WEB, at=self.at))

    @rule(remover=someone, place=which)
    def remove(self, remover: int, place: int) -> None:
        post = self.pick(Post, place)
        self.attempt(lambda: feed.remove_post(remover=self.member(remover), post_id=post, at=self.at))

    @rule(remover=someone, place=which)
    def remove_comment(self, remover: int, place: int) -> None:
        comment = self.pick(Comment, place)
        self.attempt(lambda: feed.remove_comment(remover=self.member(remover), comment_id=comment, at=self.at))

    @rule(author=someone, place=which, dies=dying)
    def boost(self, author: int, place: int, dies: int | None) -> None:
        member, post, key, at = self.member(author), self.pick(Post, place), self.key(), self.at
        self.command(lambda: boost_post(author=member, post_id=post, channel=WEB, at=at, key=key), member, dies)

    @rule(
        owner=someone,
        coins=large,
        then=st.sampled_from([(), ("approve",), ("approve", "mark_paid"), ("reject",), ("cancel",)]),
        dies=dying,
    )
    def ask_for_withdrawal(self, owner: int, coins: Decimal, then: tuple[str, ...], dies: int | None) -> None:
        member, key, at = self.member(owner), self.key(), self.at
        self.command(
            lambda: withdrawals.ask_for_withdrawal(
                member=member, amount=coins, method="BANK", details=BANK, at=at, key=key
            ),
            member,
            dies,
        )
        for act in then:
            if act == "cancel":
                self.cancel_withdrawal(owner, 1, None)
            else:
                self.decide_on_withdrawal(act, 1, None)

    @rule(owner=someone, place=which, dies=dying)
    def cancel_withdrawal(self, owner: int, place: int, dies: int | None) -> None:
        """Nearly always one's own."""
        member, asked = self.member(owner), self.request(place, status="PENDING")
        if asked is not None and place % 5:
            member = asked.wallet.user
        request = asked.pk if asked is not None else UUID(int=0)
        self.attempt(
            lambda: withdrawals.cancel_withdrawal(member=member, request_id=request, at=self.at), dies_after=dies
        )

    @rule(act=st.sampled_from(["approve", "approve", "reject", "mark_paid", "mark_paid"]), place=which, dies=dying)
    def decide_on_withdrawal(self, act: str, place: int, dies: int | None) -> None:
        asked = self.request(place, status="APPROVED" if act == "mark_paid" else "PENDING")
        request = asked.pk if asked is not None else UUID(int=0)
        words = {"reference" if act == "mark_paid" else "reason": "As it was told"}
        self.attempt(
            lambda: getattr(withdrawals, act)(staff=self.staff[0], request_id=request, at=self.at, **words),
            dies_after=dies,
        )

    def request(self, place: int, *, status: str) -> WithdrawalRequest | None:
        """One of the requests that stand so, and now and then one that does not."""
        rows = WithdrawalRequest.objects.filter(status=status) if place % 5 else WithdrawalRequest.objects.all()
        return WithdrawalRequest.objects.select_related("wallet__user").filter(pk=self.pick(rows, place)).first()

    @rule(owner=someone, place=st.integers(0, 5), until=st.sampled_from(["owed", "paid", "undone"]), dies=dying)
    def deserve_a_reward_or_lose_it(self, owner: int, place: int, until: str, dies: int | None) -> None:
        """A thread of a forum to come: begun, paid for, removed."""
        cause = ("thread", uuid5(NAMESPACE_OID, f"thread {place}"))
        self.attempt(
            lambda: rewards.owe(trigger="thread", member=self.member(owner), cause=cause, at=self.at, length=9),
            dies_after=dies,
        )
        if until != "owed":
            self.job(lambda: rewards.pay_rewards(at=self.at, chunk=2), dies)
        if until == "undone":
            self.attempt(lambda: rewards.withdraw(cause=cause, at=self.at))
            self.job(lambda: rewards.take_back_rewards(at=self.at, chunk=2), dies)

    @rule()
    def a_newcomer_joins(self) -> None:
        if len(self.members) < MOST:
            self.joined()
            self.created += 100

    @rule(owner=someone, coins=cents, opens=st.booleans(), place=which)
    def tie_up_or_untie(self, owner: int, coins: Decimal, opens: bool, place: int) -> None:
        stakes = Lock.objects.filter(kind=Lock.Kind.STAKE)
        if opens and stakes.exists():
            lock = self.pick(stakes, place)
            self.attempt(lambda: release(lock_id=lock, at=self.at))
        else:
            wallet = Wallet.objects.get(user=self.member(owner))
            self.attempt(lambda: hold(wallet=wallet, kind=Lock.Kind.STAKE, coins=coins, at=self.at))

    @rule(receiver=someone, coins=cents | large, decided=st.booleans(), dies=dying)
    def grant(self, receiver: int, coins: Decimal, decided: bool, dies: int | None) -> None:
        """Of new coins, at once or when a second person agrees."""
        self.numbers += 1
        key, wallet = uuid5(NAMESPACE_OID, f"grant {self.numbers}"), Wallet.objects.get(user=self.member(receiver))
        made = self.attempt(
            lambda: grants.grant(
                staff=self.staff[0], receiver=wallet, coins=coins, reason="Chaos", key=key, at=self.at
            ),
            dies_after=dies,
        )
        self.created += coins if made is not None and not isinstance(made, GrantRequest) else 0
        if isinstance(made, GrantRequest):
            self.decide_on_grant(GrantRequest.objects.count() - 1, agrees=decided, second=1, dies=None)

    @rule(place=which, agrees=st.booleans(), second=st.integers(0, 1), dies=dying)
    def decide_on_grant(self, place: int, agrees: bool, second: int, dies: int | None) -> None:
        asked = GrantRequest.objects.filter(pk=self.pick(GrantRequest, place)).first()
        if asked is None:
            return
        words = {"staff": self.staff[second], "request": asked, "reason": "Chaos", "at": self.at}
        if not agrees:
            self.attempt(lambda: grants.decline(**words), dies_after=dies)
        elif self.attempt(lambda: grants.approve(**words), dies_after=dies) is not None:
            self.created += asked.coins

    @rule(place=which)
    def say_again(self, place: int) -> None:
        """A retry finds what the first attempt did, under its key and with its clock, and moves nothing."""
        if not self.said:
            return
        spot = place % len(self.said)
        act, first = self.said[spot]
        before = Posting.objects.count()
        again = self.attempt(act)
        if first is not None:
            assert again is None or name_of(again) == first
            assert Posting.objects.count() == before, "a retry moved coins"
        elif again is not None:
            self.said[spot] = (act, name_of(again))

    @rule(
        later=st.sampled_from(JUMPS),
        settling_dies=st.none() | st.integers(0, 10),
        cycle_dies=st.none() | st.integers(0, 120),
        paying_dies=st.none() | st.integers(0, 10),
        opening_dies=st.none() | st.integers(0, 3),
        rolling_dies=st.none() | st.integers(0, 3),
    )
    def the_beat_ticks(
        self,
        later: timedelta,
        settling_dies: int | None,
        cycle_dies: int | None,
        paying_dies: int | None,
        opening_dies: int | None,
        rolling_dies: int | None,
    ) -> None:
        """The clock jumps, and the jobs run that are due then; any of them may be cut off."""
        self.at += later
        limits.forget_all()
        for member in self.members:
            UserActivity.objects.get_or_create(user=member, day=self.at.date())
        self.job(lambda: feed.settle_tips(at=self.at, chunk=2), settling_dies)
        self.job(lambda: bounties.return_bounties(at=self.at, chunk=2), settling_dies)
        self.job(lambda: cycle.run(periods=cycle.due_periods(self.at), at=self.at), cycle_dies)
        self.job(lambda: rewards.owe_streaks(at=self.at), paying_dies)
        self.job(lambda: rewards.pay_rewards(at=self.at, chunk=2), paying_dies)
        self.job(lambda: rewards.take_back_rewards(at=self.at, chunk=2), paying_dies)
        self.job(lambda: open_vault(at=self.at, chunk=2), opening_dies)
        self.job(lambda: withdrawals.renew_tiers(at=self.at, chunk=2), opening_dies)
        self.job(roll_up_funds, rolling_dies)

    @rule(later=st.sampled_from(JUMPS[3:]))
    def the_beat_ticks_late(self, later: timedelta) -> None:
        self.the_beat_ticks(later, None, None, None, None, None)
