"""Making and taking back invitations."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import uuid4

import pytest
from constance.test import override_config
from django.db import connection

from accounts.invitations import operations, rules
from accounts.invitations.models import Invitation
from accounts.members.models import User
from config.lib.refusals import NotAllowed, NotThere

pytestmark = pytest.mark.django_db


def test_an_invitation_has_a_code_that_nobody_guesses(invite, alice):
    one, other = invite(alice), invite(alice)
    assert rules.is_code(one.code) and len(one.code) == 22 and one.code != other.code


@pytest.mark.parametrize(("uses", "days"), [(0, 1), (1, 0), (101, 1), (1, 91), (-1, 1), (10**9, 1)])
def test_an_invitation_is_for_some_people_and_some_days(invite, alice, uses, days):
    with pytest.raises(operations.WrongInvitation):
        invite(alice, uses=uses, days=days)


@pytest.mark.parametrize("gift", ["0.00", "500.01"])
def test_a_gift_is_what_could_be_given_in_a_day(invite, alice, gift):
    with pytest.raises(operations.GiftTooLarge):
        invite(alice, gift=Decimal(gift))


def test_the_suspended_do_not_invite(invite, alice):
    alice.status = User.Status.SUSPENDED
    with pytest.raises(NotAllowed):
        invite(alice)


def test_there_is_an_end_to_open_invitations_and_taking_one_back_makes_room(invite, alice, now):
    with override_config(INVITATIONS_MOST=2):
        first = invite(alice)
        invite(alice)
        with pytest.raises(operations.TooManyInvitations):
            invite(alice)
        operations.revoke(inviter=alice, invitation_id=first.pk, at=now)
        invite(alice)


@pytest.mark.django_db(transaction=True)
def test_of_eight_made_at_once_two_are_open(invite, alice):
    def one(_number: int) -> bool:
        try:
            invite(alice)
        except operations.TooManyInvitations:
            return False
        finally:
            connection.close()
        return True

    with override_config(INVITATIONS_MOST=2), ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(one, range(8))) == 2
    assert Invitation.objects.count() == 2


def test_taking_back_twice_is_no_error_and_keeps_the_first_time(invite, alice, now):
    from datetime import timedelta

    mine = invite(alice)
    operations.revoke(inviter=alice, invitation_id=mine.pk, at=now)
    again = operations.revoke(inviter=alice, invitation_id=mine.pk, at=now + timedelta(hours=1))
    assert again.revoked_at == now


def test_nobody_takes_back_what_is_not_theirs(invite, alice, mallory, now):
    mine = invite(alice)
    for whose in (mine.pk, uuid4()):
        with pytest.raises(NotThere):
            operations.revoke(inviter=mallory, invitation_id=whose, at=now)
    mine.refresh_from_db()
    assert mine.revoked_at is None
