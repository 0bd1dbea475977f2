"""Signals from the job to the person who settles them."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from config.lib.refusals import NotAllowed, NotThere
from config.lib.tests.threads import together
from economy.fraud import operations, queries, rules, tasks
from economy.fraud.models import EconomySignal, SignalMember
from economy.fraud.operations import OwnSignal
from economy.fraud.tests.test_looks import DAY, HOUR, LONG_AGO, NOON
from economy.ledger.models import Transfer
from economy.ledger.queries import violations
from economy.withdrawals.operations import WithdrawalHeld, approve
from economy.withdrawals.tests.conftest import ask, fund

pytestmark = pytest.mark.django_db


@pytest.fixture
def ring(join, tips):
    """Two members whose tips go around; the open signal about them."""
    ana, ben = join("ana", at=LONG_AGO), join("ben", at=LONG_AGO)
    tips(ana, ben, "60.00", at=NOON - DAY)
    tips(ben, ana, "60.00", at=NOON - DAY)
    operations.look_for_signals(at=NOON)
    return EconomySignal.objects.get()


def members_of(signal):
    return [row.user for row in signal.involved.select_related("user")]


def test_one_matter_is_one_open_signal(ring, tips):
    ana, ben = members_of(ring)
    tips(ana, ben, "40.00", at=NOON)
    assert operations.look_for_signals(at=NOON + HOUR) == 0
    ring.refresh_from_db()
    assert (EconomySignal.objects.count(), ring.times_seen) == (1, 2)
    assert (ring.first_seen_at, ring.last_seen_at, ring.facts["coins"]) == (NOON, NOON + HOUR, "160.00")


@pytest.mark.parametrize(("close", "status"), [(operations.settle, "SETTLED"), (operations.dismiss, "DISMISSED")])
def test_staff_close_a_signal_with_a_reason_once(ring, moderator, close, status):
    close(staff=moderator, signal=ring, reason=" They are one family. ", at=NOON + HOUR)
    ring.refresh_from_db()
    assert (ring.status, ring.reason, ring.settled_by, ring.settled_at) == (
        status,
        "They are one family.",
        moderator,
        NOON + HOUR,
    )
    with pytest.raises(NotThere):
        close(staff=moderator, signal=ring, reason="Again", at=NOON + HOUR)


def test_who_may_not_close_it(ring, mallory, moderator):
    for staff, reason in ((mallory, "Mine"), (moderator, "  ")):
        with pytest.raises(NotAllowed):
            operations.settle(staff=staff, signal=ring, reason=reason, at=NOON)
    SignalMember.objects.create(signal=ring, user=moderator)
    with pytest.raises(OwnSignal):
        operations.dismiss(staff=moderator, signal=ring, reason="It is nothing", at=NOON)
    ring.refresh_from_db()
    assert ring.status == "OPEN"


def test_what_staff_have_closed_stays_quiet_for_a_week(ring, moderator, tips):
    operations.dismiss(staff=moderator, signal=ring, reason="Nothing to it", at=NOON)
    assert operations.look_for_signals(at=NOON + DAY) == 0
    ana, ben = members_of(ring)
    for giver, receiver in ((ana, ben), (ben, ana)):
        tips(giver, receiver, "60.00", at=NOON + 6 * DAY)
    assert operations.look_for_signals(at=NOON + 7 * DAY - HOUR) == 0
    assert operations.look_for_signals(at=NOON + 7 * DAY + HOUR) == 1


def test_only_open_signals_of_some_kinds_hold_withdrawals(ring, alice, moderator):
    ana, ben = members_of(ring)
    everybody = [ana.pk, ben.pk, alice.pk]
    assert set(queries.holding(everybody)) == {ana.pk, ben.pk}
    assert queries.holding([ana.pk])[ana.pk] == "a signal is to be looked at first: tips that go around."
    EconomySignal.objects.update(kind="EARNINGS")
    assert queries.holding(everybody) == {}
    EconomySignal.objects.update(kind="RING")
    operations.settle(staff=moderator, signal=ring, reason="Talked to both", at=NOON)
    assert queries.holding(everybody) == {}


def test_a_signal_takes_nothing_from_anybody(ring):
    ana, _ben = members_of(ring)
    ana.refresh_from_db()
    assert (ana.status, ana.wallet.balance) == ("ACTIVE", 100)
    assert not Transfer.objects.exclude(kind="SIGNUP_GRANT").exists()


@pytest.mark.parametrize(
    ("text", "kinds"),
    [("RING AWAY", ["RING", "AWAY"]), ("away, ring", ["RING", "AWAY"]), ("", []), ("THEFT", [])],
)
def test_the_kinds_that_a_setting_names(text, kinds):
    assert rules.kinds_in(text) == kinds


def test_the_database_knows_the_rules_too(ring):
    with pytest.raises(IntegrityError), transaction.atomic():
        EconomySignal.objects.create(kind=ring.kind, key=ring.key, score=1, first_seen_at=NOON, last_seen_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        EconomySignal.objects.update(status="SETTLED")


def test_the_job_runs_on_an_empty_house():
    tasks.look_for_signals()
    assert not EconomySignal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_jobs_at_once_raise_it_once(join):
    from economy.fraud.tests.test_looks import browser

    for number in range(4):
        browser(join(f"twin_{number}", at=NOON - DAY), "203.0.113.9")
    outcomes = together(*[lambda: operations.look_for_signals(at=NOON) for _job in range(4)])
    assert sorted(outcomes) == [0, 0, 0, 1]
    assert EconomySignal.objects.get().times_seen == 4


@pytest.mark.django_db(transaction=True)
def test_two_of_the_staff_close_it_once(join, moderator, admin_member):
    from economy.fraud.tests.test_looks import browser

    for number in range(4):
        browser(join(f"twin_{number}", at=NOON - DAY), "203.0.113.9")
    operations.look_for_signals(at=NOON)
    signal = EconomySignal.objects.get()
    outcomes = together(
        lambda: operations.settle(staff=moderator, signal=signal, reason="Banned", at=NOON),
        lambda: operations.dismiss(staff=admin_member, signal=signal, reason="A family", at=NOON),
    )
    assert sum(isinstance(one, NotThere) for one in outcomes) == 1


# -- In the admin ---------------------------------------------------------------------------------


def page(signal, name):
    return f"/admin/economy/economysignal/{signal.pk}/{name}/"


def test_moderators_see_settle_and_dismiss(client, ring, moderator):
    client.force_login(moderator)
    shown = client.get("/admin/economy/economysignal/").content.decode()
    assert "@ana" in shown
    assert "tips that go around" in shown
    assert "Signals to look at" in client.get(reverse("admin:index")).content.decode()
    assert client.post(page(ring, "settle"), {"reason": ""}).status_code == 422
    assert client.post(page(ring, "settle"), {"reason": "Talked to both"}).status_code == 302
    ring.refresh_from_db()
    assert (ring.status, ring.settled_by) == ("SETTLED", moderator)
    assert client.post(page(ring, "dismiss"), {"reason": "Again"}).status_code == 422


def test_members_see_nothing_of_it(client, ring, mallory):
    client.force_login(mallory)
    assert client.get("/admin/economy/economysignal/").status_code in (302, 403)
    assert client.post(page(ring, "dismiss"), {"reason": "Mine"}).status_code in (302, 403)
    ring.refresh_from_db()
    assert ring.status == "OPEN"


# -- Withdrawals ----------------------------------------------------------------------------------


def test_a_withdrawal_of_somebody_in_an_open_ring_waits_until_it_is_settled(ring, admin_member):
    ana, _ben = members_of(ring)
    fund(ana, "2000.00")
    made = ask(ana, at=NOON)
    with pytest.raises(WithdrawalHeld) as refused:
        approve(staff=admin_member, request_id=made.pk, reason="Seen", at=NOON)
    assert "tips that go around" in str(refused.value)
    operations.dismiss(staff=admin_member, signal=ring, reason="Two who like each other", at=NOON)
    approve(staff=admin_member, request_id=made.pk, reason="Seen", at=NOON)
    made.refresh_from_db()
    assert made.status == "APPROVED"
    assert violations() == []
