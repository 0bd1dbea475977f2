"""Weeks of life in a small town, told through the operations that its members use."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.badges.operations import give_earned, note_activity
from accounts.members.models import User
from accounts.members.operations import edit_page, edit_profile, join
from accounts.notifications import operations as notices
from accounts.wallets.models import Wallet
from config.demo import casting
from config.demo.asking import Asking
from config.demo.belongings import Belongings
from config.demo.clock import Clock
from config.demo.enclosures import Enclosures
from config.demo.people import Person
from config.demo.texts import Text, texts
from config.lib import cycle
from config.lib.periods import Period
from config.lib.runtime import figures
from economy.ledger import operations as ledger
from economy.ledger.models import Transfer
from economy.observatory.operations import refresh_leaders, refresh_state, take_snapshot
from economy.vault.operations import open_vault
from economy.withdrawals.operations.tiers import renew_tiers
from social.feed import operations as feed
from social.feed.models import Post

_DAY = timedelta(days=1)
_WEB, _API = Transfer.Channel.WEB, Transfer.Channel.API
_TIPS = [Decimal(coins) for coins in ("1", "1", "1", "1.50", "2", "2", "2.50", "3", "3", "5", "5", "7.50", "10")]
_THANKS = (
    "For the seeds",
    "Thank you for the ladder!",
    "Soup fund",
    "My half of the plums",
    "For the brakes, and for not laughing",
    "Dziękuję!",
    "Happy birthday 🎈",
    "لك مني كأس شاي",
    "Postage for the envelopes",
    "For two hours with the toaster",
)
_FOR_ANA = "Costs of the seed swap, receipts seen"
# Coins that come from outside, for some who then have a lot: part of the story gone, coins, why.
_GRANTS = (
    (0.10, "9500.00", "Deposit by bank transfer, receipt 1042"),
    (0.12, "5200.00", "Deposit by bank transfer, receipt 1043"),
    (0.15, "2400.00", "Prize of the opening competition"),
    (0.20, "1300.00", "Built the benches on the square, as agreed in the meeting"),
    (0.22, "850.00", "Costs of the bike kitchen, receipts seen"),
    (0.25, "620.00", "Costs of the soup swap, receipts seen"),
    (0.26, "260.00", _FOR_ANA),
    (0.28, "440.00", "Prize of the photo competition"),
    (0.31, "1100.00", "Deposit by bank transfer, receipt 1051"),
    (0.34, "380.00", "Costs of the repair café, receipts seen"),
    (0.40, "700.00", "Deposit by bank transfer, receipt 1060"),
    (0.46, "290.00", "Prize of the reading circle"),
    (0.60, "7800.00", "Deposit by bank transfer, receipt 1077"),
    (0.74, "520.00", "Costs of the street party, receipts seen"),
)
_UNREAD = timedelta(hours=36)  # what happened before was read
_GROWING = (
    "accounts_user",
    "accounts_page",
    "accounts_wallet",
    "accounts_useractivity",
    "social_follow",
    "social_post",
    "social_comment",
    "social_tip",
    "economy_transfer",
    "economy_posting",
    "economy_fundentry",
)


@dataclass
class Inhabitant:
    """A person who has joined."""

    person: Person
    member: User
    wallet: Wallet


@dataclass
class Content:
    """A post or comment that is out, with how much people like it."""

    author: Inhabitant
    born: datetime
    appeal: float
    post_id: UUID
    comment_id: UUID | None = None


class Story:
    """The demo community from its first day to now."""

    def __init__(self, cast: list[Person], *, weeks: int, seed: int, now: datetime) -> None:
        self.cast = cast
        self.now = now
        self.start = now - timedelta(weeks=weeks)
        self.chance = random.Random(f"story-{seed}")
        self.clock = Clock(end=now)
        self.people: list[Inhabitant] = []
        self.out: list[Content] = []
        self.granted: list[Inhabitant] = []
        self.belongings = Belongings(self, random.Random(f"belongings-{seed}"))
        self.asking = Asking(self, random.Random(f"asking-{seed}"))
        self.enclosures = Enclosures(self, random.Random(f"enclosures-{seed}"))
        self.early = figures().EARLY_ADOPTER_LIMIT
        self.end_of_story = (now - self.start).total_seconds()

    def tell(self, passing: Callable[[float], None] = lambda part: None) -> None:
        """Let it all happen; `passing` hears which part of it is over. One transaction is the caller's business."""
        for person in self.cast:
            self.clock.at(self.moment(person.joins), partial(self._arrive, person))
        self.belongings.plan()
        self._plan_texts()
        self._plan_days()
        for part, coins, reason in _GRANTS:
            self.clock.at(self.moment(part), partial(self._grant, Decimal(coins), reason))
        self.clock.run(lambda moment: passing((moment - self.start).total_seconds() / self.end_of_story))
        feed.run_queue(at=self.now)
        feed.add_views(self._views())
        ledger.roll_up_funds()
        refresh_state(at=self.now)
        refresh_leaders(at=self.now)
        # Everyone has been here lately, and not yet seen the last of it.
        notices.gather(at=self.now)
        notices.mark_old_read(before=self.now - _UNREAD, at=self.now)

    def _views(self) -> list[tuple[UUID, int]]:
        """Who has read what: those who tipped it, and others, of whom the liked ones have more."""
        tippers = dict(Post.objects.values_list("pk", "unique_spenders_count"))
        return [
            (one.post_id, tippers[one.post_id] + int(self.chance.lognormvariate(1.5 + 0.7 * min(one.appeal, 4), 1.0)))
            for one in self.out
            if one.comment_id is None
        ]

    # -- What is planned ahead --------------------------------------------------------------------------------------

    def moment(self, part: float) -> datetime:
        """When a part of the story is over; the newcomer comes an hour before its end."""
        return min(self.start + part * (self.now - self.start), self.now - timedelta(minutes=62))

    def _plan_texts(self) -> None:
        """Every text gets its hour: more towards the end, a dozen in the last day, few at night."""
        all_texts = list(texts())
        self.chance.shuffle(all_texts)
        all_texts.sort(
            key=lambda text: self.asking.is_for_today(text) or self.enclosures.is_for_today(text), reverse=True
        )
        chosen = all_texts[: max(12, len(self.cast) * 2)]
        for place, text in enumerate(chosen):
            if place < 12:
                moment = self.now - timedelta(hours=self.chance.uniform(0.2, 23) ** 1.0)
            else:
                moment = self._by_day(self.moment(0.004 + 0.985 * self.chance.random() ** 0.75))
            self.clock.at(moment, partial(self._post, text))

    def _by_day(self, moment: datetime) -> datetime:
        return moment if moment.hour >= 6 else moment + timedelta(hours=self.chance.uniform(6, 12))

    def _plan_days(self) -> None:
        midnight = datetime.combine(self.start.astimezone(UTC).date(), time(), tzinfo=UTC)
        while midnight <= self.now:
            if midnight.weekday() == 0 and midnight > self.start:
                self.clock.at(midnight + timedelta(minutes=5), self._close_week)
            for hours in (1, 7, 13, 19):
                self.clock.at(midnight + timedelta(hours=hours), lambda at: self._settle(at))
            for hours in range(0, 24, 2):
                self.clock.at(midnight + timedelta(hours=hours), lambda at: self._look_at_levels(at))
            first = max(midnight, self.start)
            self.clock.at(first + timedelta(seconds=1), self._wake)
            self.clock.at(min(midnight + timedelta(hours=23, minutes=59), self.now), self._evening)
            midnight += _DAY

    # -- What the house does ----------------------------------------------------------------------------------------

    def _settle(self, at: datetime) -> None:
        feed.settle_tips(at=at)
        self.asking.settle(at)

    def _look_at_levels(self, at: datetime) -> None:
        feed.run_queue(at=at)

    def _close_week(self, at: datetime) -> None:
        self._settle(at)
        cycle.run(periods=[Period.last_full(at)], at=at)
        give_earned(at=at)

    def _refresh_plans(self, day: int) -> None:
        """Let the database look at its tables again: in one long transaction nobody else does, and plans made for empty
        tables cost twenty times as much on full ones."""
        if day in (1, 3) or day % 7 == 5:
            with connection.cursor() as cursor:
                cursor.execute(f"ANALYZE {', '.join(_GROWING)}")

    def _evening(self, at: datetime) -> None:
        open_vault(at=at)
        renew_tiers(at=at)
        take_snapshot(at=at)

    def _grant(self, coins: Decimal, reason: str, at: datetime) -> None:
        """Coins for the next of the rich, who take turns."""
        rich = [one for one in self.people if one.person.part == "RICH"]
        if reason == _FOR_ANA:
            rich = [one for one in self.people if one.person.part == "MEMBER"]
        admins = [one for one in self.people if one.person.role == User.Role.ADMIN]
        if not rich or not admins:
            return
        receiver = rich[len(self.granted) % len(rich)]
        self.granted.append(receiver)
        ledger.grant_by_staff(
            staff=admins[0].member, receiver=receiver.wallet, coins=coins, reason=reason, key=None, at=at
        )

    # -- What people do ---------------------------------------------------------------------------------------------

    def _arrive(self, person: Person, at: datetime) -> None:
        # The early ones are counted here: join() would keep everyone else from joining until this transaction ends.
        member = join(
            phone_number=person.phone,
            username=person.username,
            display_name=person.name,
            at=at,
            is_early_adopter=len(self.people) < self.early,
        )
        if person.bio:
            edit_page(editor=member, page_id=member.primary_page.pk, at=at, bio=person.bio)
        if person.place or person.interests:
            edit_profile(member=member, at=at, location=person.place, interests=person.interests)
        if person.role != User.Role.USER:
            User.objects.filter(pk=member.pk).update(role=person.role)  # the first of the staff are made by nobody
            member.role = person.role
        note_activity(member=member, at=at)
        self.people.append(Inhabitant(person, member, member.wallet))
        self.belongings.arrived(self.people[-1], at)

    def _wake(self, at: datetime) -> None:
        """A day begins: who is here today, and what will they do?"""
        self._refresh_plans((at - self.start) // _DAY)
        day_ends = min(at.replace(hour=23, minute=50), self.now)
        for one in self.people:
            if self.chance.random() >= one.person.liveliness:
                continue
            here = self._later(at, day_ends)
            self.clock.at(here, partial(self._look_in, one))
            for _tip in range(self._how_many(2.4 * one.person.liveliness)):
                self.clock.at(self._later(here, day_ends), partial(self._tip, one))
            if self.chance.random() < 0.35:
                self.clock.at(self._later(here, day_ends), partial(self._follow, one))
            if one.person.part == "BROKE" or self.chance.random() < 0.02:
                self.clock.at(self._later(here, day_ends), partial(self._give, one))

    def _later(self, earliest: datetime, latest: datetime) -> datetime:
        return earliest + self.chance.random() * max(latest - earliest, timedelta())

    def _how_many(self, mean: float) -> int:
        """A small whole number around a mean (geometric)."""
        number = 0
        while number < 8 and self.chance.random() < mean / (1 + mean):
            number += 1
        return number

    def _look_in(self, one: Inhabitant, at: datetime) -> None:
        note_activity(member=one.member, at=at)

    def _post(self, text: Text, at: datetime) -> None:
        author = casting.author(self.people, text, self.chance)
        if author is None:
            return
        note_activity(member=author.member, at=at)
        carried = self.asking.carried_by(text, author) | self.enclosures.carried_by(text, author, at)
        post = feed.write_post(
            author=author.member,
            carrying=carried,
            page=self.belongings.page_to_write_as(author),
            content=text.content,
            title=text.title,
            channel=self._channel(),
            at=at,
        )
        self.out.append(Content(author, at, self.chance.lognormvariate(0, 0.9), post.pk))
        self.asking.asked(carried, author, post.pk, at)
        self.enclosures.sent(carried, post.pk, at)
        self._plan_remarks(text, author, post.pk, at)

    def _plan_remarks(self, text: Text, author: Inhabitant, post_id: UUID, at: datetime) -> None:
        moments: list[datetime] = []
        spoken: dict[int, tuple[Inhabitant, UUID]] = {}
        for place, remark in enumerate(text.remarks):
            earliest = at if remark.answers is None else moments[remark.answers]
            # Most answers come soon, some the next day; later remarks after the earlier ones of their thread.
            wait = timedelta(minutes=4 + 60 * self.chance.expovariate(1 / 2.5))
            moments.append(earliest + wait)
            self.clock.at(moments[place], partial(self._remark, text, author, post_id, place, spoken))

    def _remark(
        self,
        text: Text,
        author: Inhabitant,
        post_id: UUID,
        place: int,
        spoken: dict[int, tuple[Inhabitant, UUID]],
        at: datetime,
    ) -> None:
        """Say a remark, unless what it answers was never said."""
        remark = text.remarks[place]
        if remark.answers is not None and remark.answers not in spoken:
            return
        speaker = casting.speaker(self.people, text, place, author, spoken, self.chance)
        if speaker is None:
            return
        note_activity(member=speaker.member, at=at)
        parent_id = spoken[remark.answers][1] if remark.answers is not None else None
        comment = feed.write_comment(
            author=speaker.member,
            post_id=post_id,
            content=remark.content,
            parent_id=parent_id,
            channel=self._channel(),
            at=at,
        )
        spoken[place] = (speaker, comment.pk)
        self.out.append(Content(speaker, at, self.chance.lognormvariate(-1.2, 0.8), post_id, comment.pk))

    def _tip(self, giver: Inhabitant, at: datetime) -> None:
        liked = self._something_recent(at, by_others_than=giver)
        if liked is None:
            return
        coins = self.chance.choice(_TIPS)
        given: dict[str, Any] = {"spender": giver.member, "coins": coins, "channel": self._channel(), "at": at}
        if liked.comment_id is None:
            tip = feed.tip_post(post_id=liked.post_id, **given)
        else:
            tip = feed.tip_comment(comment_id=liked.comment_id, **given)
        if self.chance.random() < 0.04:
            changed_mind = at + timedelta(hours=self.chance.uniform(0.05, 20))
            self.clock.at(changed_mind, partial(self._take_back, giver, tip.pk))

    def _take_back(self, giver: Inhabitant, tip_id: UUID, at: datetime) -> None:
        feed.take_back(spender=giver.member, tip_id=tip_id, channel=_WEB, at=at)

    def _follow(self, reader: Inhabitant, at: datetime) -> None:
        liked = self._something_recent(at, by_others_than=reader)
        if liked is not None:
            feed.follow(follower=reader.member, page=liked.author.member.primary_page, at=at)

    def _give(self, giver: Inhabitant, at: datetime) -> None:
        """A gift to somebody; those who are to be broke give nearly all they have."""
        receiver = self.chance.choice(self.people)
        if receiver is giver:
            return
        coins = Decimal(self.chance.randint(100, 2500)) / 100
        if giver.person.part == "BROKE":
            giver.wallet.refresh_from_db()
            coins = min(giver.wallet.available * Decimal("0.9"), Decimal(400)).quantize(Decimal("0.1"))
            if coins <= 1:
                return
        ledger.give(
            giver=giver.wallet,
            receiver=receiver.wallet,
            coins=coins,
            memo=self.chance.choice(_THANKS),
            key=None,
            channel=_WEB,
            at=at,
        )

    def _something_recent(self, at: datetime, *, by_others_than: Inhabitant) -> Content | None:
        """Something of the last days, rather new and rather liked."""
        recent = [one for one in self.out[-220:] if at - one.born < 6 * _DAY and one.author is not by_others_than]
        if not recent:
            return None
        weights = [one.appeal / (1 + (at - one.born) / timedelta(hours=18)) for one in recent]
        return self.chance.choices(recent, weights)[0]

    def _channel(self) -> Transfer.Channel:
        return _API if self.chance.random() < 0.15 else _WEB
