"""What raises a signal, and what looks nearly the same and must not."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

import pytest

from accounts.signin.models import BrowserSession, TokenFamily
from economy.cycle.tests.weeks import hold
from economy.fraud import operations
from economy.fraud.models import EconomySignal
from economy.ledger.models import Transfer, TransferKind
from economy.ledger.operations import move

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)  # a Wednesday
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)  # the end of 2026-W46
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG_AGO = NOON - 60 * DAY


def look(at=NOON):
    return operations.look_for_signals(at=at)


def raised(kind=None):
    """Open signals as sets of usernames."""
    rows = EconomySignal.objects.filter(status="OPEN", **({"kind": kind} if kind else {}))
    return sorted(sorted(member.primary_page.username for member in row.members.all()) for row in rows)


@pytest.fixture
def people(join, db):
    """people(4) have joined long ago."""
    made = []

    def make(number, at=LONG_AGO):
        made.extend([join(f"member_{len(made) + n}", at=at) for n in range(number)])
        return made[-number:]

    return make


# -- Rings ----------------------------------------------------------------------------------------


def test_two_who_tip_each_other_are_a_ring(people, tips):
    """Five tips of 10.00 each way: 30.00 reach either of them."""
    ana, ben = people(2)
    tips(ana, ben, "30.00", at=NOON - DAY)
    tips(ben, ana, "42.00", at=NOON - DAY)
    assert look() == 1
    (signal,) = EconomySignal.objects.all()
    assert (signal.kind, signal.score, signal.facts["coins"], signal.facts["smallest"]) == (
        "RING",
        D("60.00"),
        "72.00",
        "30.00",
    )
    assert raised() == [["member_0", "member_1"]]


def test_one_who_is_tipped_a_lot_is_no_ring(people, tips):
    fans = people(5)
    star = fans.pop()
    for fan in fans:
        tips(fan, star, "60.00", at=NOON - DAY)
        tips(star, fan, "29.99", at=NOON - DAY)
    assert look() == 0


def test_coins_that_go_around_three_are_a_ring_and_those_that_do_not_are_none(people, tips):
    ana, ben, cem, dan = people(4)
    tips(ana, ben, "30.00", at=NOON - DAY)
    tips(ben, cem, "30.00", at=NOON - DAY)
    tips(cem, dan, "30.00", at=NOON - DAY)
    assert look() == 0
    tips(cem, ana, "18.00", at=NOON - 2 * DAY)
    tips(cem, ana, "12.00", at=NOON - DAY)
    assert look() == 1
    assert raised() == [["member_0", "member_1", "member_2"]]


def test_last_weeks_tips_are_not_this_weeks(people, tips):
    ana, ben = people(2)
    tips(ana, ben, "60.00", at=NOON - 8 * DAY)
    tips(ben, ana, "60.00", at=NOON - DAY)
    assert look() == 0


def test_longer_rings_than_the_setting_says_are_not_looked_for(people, tips):
    five = people(5)
    for giver, receiver in zip(five, [*five[1:], five[0]], strict=True):
        tips(giver, receiver, "60.00", at=NOON - DAY)
    assert look() == 0


# -- Addresses ------------------------------------------------------------------------------------


def browser(member, address, at=NOON):
    BrowserSession.objects.create(
        user=member,
        session_key=f"{member.pk}-{address}"[-40:],
        ip_address=address,
        last_used_at=at,
        expires_at=at + 14 * DAY,
        proved_at=at,
        created_at=at,
    )


def test_four_who_join_within_days_from_one_address(join):
    four = [join(f"twin_{n}", at=NOON - 4 * DAY + n * 20 * HOUR) for n in range(4)]
    for member in four[:3]:
        browser(member, "203.0.113.9")
    TokenFamily.objects.create(
        user=four[3], current_jti="x", expires_at=NOON, last_used_at=NOON, ip_address="203.0.113.9", created_at=NOON
    )
    assert look() == 1
    (signal,) = EconomySignal.objects.all()
    assert (signal.kind, signal.score, signal.facts["address"]) == ("ADDRESS", D("4.00"), "203.0.113.9")


def test_an_office_whose_people_join_over_weeks_is_none(join):
    for number in range(8):
        browser(join(f"colleague_{number}", at=NOON - 28 * DAY + number * 2 * DAY), "203.0.113.9")
    assert look() == 0


def test_three_are_a_family_and_old_members_at_one_address_are_friends(people, join):
    for number in range(3):
        browser(join(f"child_{number}", at=NOON - DAY), "203.0.113.9")
    for member in people(6):
        browser(member, "203.0.113.10")
    assert look() == 0


def test_addresses_of_one_subscriber_of_ipv6_are_one(join):
    for number in range(4):
        browser(join(f"twin_{number}", at=NOON - DAY), f"2001:db8:1:1::{number + 1}")
        browser(join(f"other_{number}", at=NOON - DAY), f"2001:db8:2:{number}::1")
    assert look() == 1
    assert raised() == [["twin_0", "twin_1", "twin_2", "twin_3"]]


def test_one_more_behind_the_address_joins_the_open_signal(join):
    for number in range(4):
        browser(join(f"twin_{number}", at=NOON - DAY), "203.0.113.9")
    look()
    browser(join("twin_4", at=NOON - HOUR), "203.0.113.9")
    assert look(NOON + HOUR) == 0
    (signal,) = EconomySignal.objects.all()
    assert (signal.members.count(), signal.times_seen, signal.score) == (5, 2, D("5.00"))


# -- Earnings -------------------------------------------------------------------------------------


def earn(member, coins, at=NOON - HOUR, giver=None, kind=TransferKind.GIFT):
    giver = giver or member._rich
    move(
        kind=kind,
        at=at,
        wallets=[(giver.wallet.pk, -D(coins)), (member.wallet.pk, D(coins))],
        actor=giver.pk,
        channel=Transfer.Channel.WEB,
    )


@pytest.fixture
def rich(join, db):
    return hold(join("rich", at=LONG_AGO), "5000.00", at=LONG_AGO)


def test_who_earns_forty_times_as_much_as_others_is_looked_at(people, rich):
    """Five earn 5.00, one 200.00: the median is 5.00, the score 40."""
    *others, fast = people(6)
    for other in others:
        earn(other, "5.00", giver=rich)
    earn(fast, "200.00", giver=rich)
    assert look() == 1
    (signal,) = EconomySignal.objects.all()
    assert (signal.kind, signal.score, signal.facts["median"], signal.facts["coins"]) == (
        "EARNINGS",
        D("40.00"),
        "5.00",
        "200.00",
    )
    assert raised() == [["member_5"]]


def test_less_than_the_least_and_less_than_the_times_are_nothing(people, rich):
    *others, quick, steady = people(7)
    for other in others:
        earn(other, "12.00", giver=rich)
    earn(quick, "199.99", giver=rich)
    earn(steady, "239.00", giver=rich)
    assert look() == 0


def test_yesterdays_earnings_and_what_is_granted_do_not_count(people, rich):
    *others, lucky = people(6)
    for other in others:
        earn(other, "1.00", giver=rich)
    earn(lucky, "300.00", giver=rich, at=NOON - 25 * HOUR)
    hold(lucky, "900.00", at=NOON - HOUR)
    assert look() == 0


# -- Away over the week's end ---------------------------------------------------------------------


def test_coins_that_are_away_over_the_weeks_end(people):
    ana, ben = people(2)
    hold(ana, "1000.00", at=LONG_AGO)
    earn(ben, "800.00", giver=ana, at=MONDAY - 2 * HOUR)
    earn(ana, "150.00", giver=ben, at=MONDAY + 47 * HOUR)
    earn(ana, "500.00", giver=ben, at=MONDAY + 49 * HOUR)
    assert look(MONDAY + 50 * HOUR) >= 1
    signal = EconomySignal.objects.get(kind="AWAY")
    assert (signal.score, signal.facts["week"]) == (D("150.00"), "2026-W46")
    assert signal.facts["owner"] == str(ana.pk)
    assert raised("AWAY") == [["member_0", "member_1"]]


@pytest.mark.parametrize(
    ("there", "back", "coins"),
    [
        (MONDAY - 25 * HOUR, MONDAY + HOUR, "150.00"),  # away too early
        (MONDAY - HOUR, MONDAY + 48 * HOUR, "150.00"),  # back too late
        (MONDAY - HOUR, MONDAY + HOUR, "99.99"),  # too little
        (MONDAY - 3 * HOUR, MONDAY - HOUR, "150.00"),  # back before the end
    ],
)
def test_what_is_not_away_over_the_weeks_end(people, there, back, coins):
    ana, ben = people(2)
    hold(ana, "1000.00", at=LONG_AGO)
    earn(ben, coins, giver=ana, at=there)
    earn(ana, coins, giver=ben, at=back)
    look(MONDAY + 50 * HOUR)
    assert raised("AWAY") == []


def test_a_gift_that_somebody_else_returns_is_none(people):
    ana, ben, cem = people(3)
    for member in (ana, cem):
        hold(member, "1000.00", at=LONG_AGO)
    earn(ben, "150.00", giver=ana, at=MONDAY - HOUR)
    earn(ana, "150.00", giver=cem, at=MONDAY + HOUR)
    look(MONDAY + 50 * HOUR)
    assert raised("AWAY") == []


@pytest.mark.parametrize(("tips_of_ten", "found"), [(10, [["member_0"]]), (9, [])])
def test_tips_that_their_giver_takes_back_after_the_end(people, tips_of_ten, found):
    from economy.ledger.models import Fund

    (ana,) = people(1)
    hold(ana, "1000.00", at=LONG_AGO)
    for _number in range(tips_of_ten):
        given = move(
            kind=TransferKind.TIP,
            at=MONDAY - HOUR,
            wallets=[(ana.wallet.pk, D("-10.00"))],
            funds=[(Fund.CONTENT, D("10.00"))],
            actor=ana.pk,
            channel=Transfer.Channel.WEB,
        )
        move(
            kind=TransferKind.TIP_REFUND,
            at=MONDAY + HOUR,
            wallets=[(ana.wallet.pk, D("10.00"))],
            funds=[(Fund.CONTENT, D("-10.00"))],
            actor=ana.pk,
            channel=Transfer.Channel.WEB,
            reverses=given.transfer_id,
        )
    look(MONDAY + 3 * HOUR)
    assert raised("AWAY") == found
