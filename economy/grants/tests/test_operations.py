"""Grants: alone up to 1,000.00 in 24 hours, beyond it by two."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal as D
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.audit.models import AdminAction
from accounts.wallets.models import Wallet
from config.lib.refusals import NotAllowed, NotThere
from economy.grants import operations
from economy.grants.models import GrantRequest
from economy.ledger import queries as books
from economy.ledger.models import Transfer
from economy.ledger.operations import Movement

pytestmark = pytest.mark.django_db

_ENROLLED = {"two_factor_secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "two_factor_confirmed_at": timezone.now()}


@pytest.fixture
def colleague(join):
    return join("second_admin", role="ADMIN", **_ENROLLED)


def grant(staff, member, coins, at, key=None, reason="Prize"):
    return operations.grant(
        staff=staff, receiver=member.wallet, coins=D(coins), reason=reason, key=key or uuid4(), at=at
    )


def balance(member):
    return Wallet.objects.get(user=member).balance


def test_a_thousand_is_granted_at_once(admin_member, alice, now):
    assert isinstance(grant(admin_member, alice, "1000.00", now), Movement)
    assert balance(alice) == D("1100.00")


def test_a_cent_more_waits_for_another_admin(admin_member, colleague, alice, now):
    asked = grant(admin_member, alice, "1000.01", now)
    assert isinstance(asked, GrantRequest)
    assert balance(alice) == D("100.00")
    operations.approve(staff=colleague, request=asked, reason="Receipts seen", at=now)
    asked.refresh_from_db()
    assert balance(alice) == D("1100.01")
    assert (asked.status, asked.decided_by, asked.decision) == ("GRANTED", colleague, "Receipts seen")
    moved = Transfer.objects.get(kind="STAFF_GRANT")
    assert (moved.actor, moved.description, moved.reference_id) == (colleague, "Prize", asked.pk)
    assert books.violations() == []


def test_many_small_ones_are_one_large_one(admin_member, colleague, alice, bob, now):
    assert isinstance(grant(admin_member, alice, "600.00", now - timedelta(hours=23)), Movement)
    assert isinstance(grant(admin_member, bob, "400.00", now), Movement)
    assert isinstance(grant(admin_member, bob, "0.01", now), GrantRequest)
    assert isinstance(grant(colleague, bob, "0.01", now), Movement)
    later = now + timedelta(hours=1, minutes=1)
    assert isinstance(grant(admin_member, bob, "600.00", later), Movement)


def test_what_two_have_granted_does_not_count_for_one_alone(admin_member, colleague, alice, now):
    asked = grant(admin_member, alice, "5000.00", now)
    operations.approve(staff=colleague, request=asked, reason="Seen", at=now)
    assert isinstance(grant(colleague, alice, "1000.00", now), Movement)


def test_nobody_agrees_to_their_own_grant(admin_member, alice, now):
    asked = grant(admin_member, alice, "5000.00", now)
    for decide in (operations.approve, operations.decline):
        with pytest.raises(operations.SecondPersonNeeded):
            decide(staff=admin_member, request=asked, reason="Sure", at=now)
    assert balance(alice) == D("100.00")
    with pytest.raises(IntegrityError), transaction.atomic():
        GrantRequest.objects.filter(pk=asked.pk).update(status="GRANTED", decided_by=admin_member)


def test_a_declined_one_moves_nothing_and_is_over(admin_member, colleague, alice, now):
    asked = grant(admin_member, alice, "5000.00", now)
    operations.decline(staff=colleague, request=asked, reason="No receipt", at=now)
    for decide in (operations.approve, operations.decline):
        with pytest.raises(NotThere):
            decide(staff=colleague, request=asked, reason="After all", at=now)
    assert balance(alice) == D("100.00")


def test_moderator_and_mallory_grant_nothing_and_agree_to_nothing(admin_member, moderator, mallory, alice, now):
    asked = grant(admin_member, alice, "5000.00", now)
    for other in (moderator, mallory):
        with pytest.raises(NotAllowed):
            grant(other, mallory, "1.00", now)
        for decide in (operations.approve, operations.decline):
            with pytest.raises(NotAllowed):
                decide(staff=other, request=asked, reason="Please", at=now)


@pytest.mark.parametrize(("coins", "reason"), [("5.00", " "), ("0.00", "Prize"), ("-1.00", "Prize")])
def test_without_reason_or_coins_there_is_no_grant(coins, reason, admin_member, alice, now):
    with pytest.raises(NotAllowed):
        grant(admin_member, alice, coins, now, reason=reason)


def test_a_second_press_finds_what_the_first_made(admin_member, alice, now):
    for coins in ("900.00", "5000.00"):
        key = uuid4()
        first = grant(admin_member, alice, coins, now, key=key)
        again = grant(admin_member, alice, coins, now, key=key)
        assert type(first) is type(again)
    assert balance(alice) == D("1000.00")
    assert GrantRequest.objects.count() == 1


def together(*calls):
    """Released at once, each on a connection of its own; the results and the refusals."""
    gate = threading.Barrier(len(calls))

    def run(call):
        try:
            gate.wait(10)
            return call()
        except (NotThere, NotAllowed) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.django_db(transaction=True)
def test_ten_grants_at_once_are_not_more_than_one_may(admin_member, alice, now):
    wallet = alice.wallet

    def one():
        return operations.grant(
            staff=admin_member, receiver=wallet, coins=D("300.00"), reason="Prize", key=uuid4(), at=now
        )

    made = together(*[one] * 10)
    assert sum(isinstance(each, Movement) for each in made) == 3
    assert sum(isinstance(each, GrantRequest) for each in made) == 7
    assert balance(alice) == D("1000.00")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_has_decided(join, admin_member, alice, now):
    others = [join(f"admin_{number}", role="ADMIN", **_ENROLLED) for number in range(6)]
    for turn in range(5):
        asked = grant(admin_member, alice, "2000.00", now)
        verbs = [operations.approve, operations.decline] * 3
        made = together(
            *[
                lambda who=who, verb=verb, asked=asked: verb(staff=who, request=asked, reason="Seen", at=now)
                for who, verb in zip(others, verbs, strict=True)
            ]
        )
        assert sum(isinstance(each, NotThere) for each in made) == 5, turn
        asked.refresh_from_db()
        assert Transfer.objects.filter(reference_id=asked.pk).count() == (asked.status == "GRANTED")
    assert books.violations() == []


# -- In the admin -----------------------------------------------------------------------------------------------------


def signed_in(member):
    client = Client()
    client.force_login(member)
    return client


def test_two_admins_grant_in_the_admin(admin_member, colleague, alice):
    first, second = signed_in(admin_member), signed_in(colleague)
    where = reverse("admin:accounts_wallet_grant", args=[alice.wallet.pk])
    given = {"coins": "1500.00", "reason": "Built the bridge", "key": str(uuid4()), "confirmed": "yes"}
    for _press in range(2):
        answer = first.post(where, given, follow=True)
        assert "wait for another admin" in answer.content.decode()
    asked = GrantRequest.objects.get()
    assert "Grants to agree to" in second.get(reverse("admin:index")).content.decode()
    approve = reverse("admin:economy_grantrequest_approve", args=[asked.pk])
    assert first.post(approve, {"reason": "Mine", "confirmed": "yes"}).status_code == 422
    assert b"Built the bridge" in second.get(approve).content
    assert second.post(approve, {"reason": "Seen it", "confirmed": "yes"}).status_code == 302
    assert balance(alice) == D("1600.00")
    done = AdminAction.objects.order_by("id").values_list("staff__pages__username", "action", "reason")
    assert list(done) == [("admin_istrator", "grant", "Built the bridge"), ("second_admin", "approve", "Seen it")]


def test_moderators_do_not_even_see_it(moderator, admin_member, alice, now):
    asked = grant(admin_member, alice, "5000.00", now)
    aide = signed_in(moderator)
    assert aide.get(reverse("admin:economy_grantrequest_changelist")).status_code == 403
    for measure in ("approve", "decline"):
        where = reverse(f"admin:economy_grantrequest_{measure}", args=[asked.pk])
        assert aide.post(where, {"reason": "Yes", "confirmed": "yes"}).status_code == 403
    assert balance(alice) == D("100.00")
