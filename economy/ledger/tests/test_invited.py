"""The gift that comes with an invitation, as the ledger keeps it."""

from datetime import datetime
from decimal import Decimal as D
from typing import Any

import pytest
from constance.test import override_config

from accounts.invitations import operations
from economy.ledger.models import Transfer, TransferKind
from economy.ledger.queries import violations

pytestmark = pytest.mark.django_db


def joined(inviter: Any, now: datetime, *, people: int = 1, gift: str = "2.50") -> Any:
    """An invitation by which so many people have joined."""
    made = operations.make_invitation(inviter=inviter, uses=people, days=7, gift=D(gift), at=now)
    for number in range(people):
        operations.admit(
            phone_number=f"+49151999{number:05}", username=None, display_name="", invitation=made.code, at=now
        )
    return made


def test_it_is_a_gift_that_names_its_invitation(alice, now):
    invitation = joined(alice, now)
    paid = Transfer.objects.get(kind=TransferKind.GIFT)
    assert (paid.reference_type, paid.reference_id, paid.actor) == ("invitation", invitation.pk, alice)
    assert violations() == []


@override_config(GIFTS_PER_MINUTE=1)
def test_the_gifts_of_a_link_do_not_wait_for_the_inviters_minute(alice, now):
    joined(alice, now, people=3)
    assert Transfer.objects.filter(kind=TransferKind.GIFT).count() == 3


@override_config(GIFT_DAILY_MAX=D("5.00"))
def test_they_count_against_what_one_may_give_in_a_day(alice, now):
    with pytest.raises(operations.GiftNotThere):
        joined(alice, now, people=3)
    assert Transfer.objects.filter(kind=TransferKind.GIFT).count() == 2
