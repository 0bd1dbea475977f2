"""What happens at once: real threads on PostgreSQL."""

from collections import Counter
from functools import partial

import pytest
from django.utils import timezone

from accounts.wallets import operations
from accounts.wallets.models import WalletAddress
from accounts.wallets.tests.conftest import key, signed
from config.lib.refusals import Refused
from config.lib.tests.threads import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def attempt(member, challenge, signature):
    try:
        return operations.prove_address(
            member=member, challenge_id=challenge.pk, signature=signature, at=timezone.now()
        )
    except Refused as refusal:
        return refusal


def test_of_twenty_signatures_at_once_one_is_looked_at(alice, ask):
    challenge = ask(alice, key(1))
    right, wrong = signed(key(1), challenge.words), signed(key(2), challenge.words)
    outcomes = together(*[partial(attempt, alice, challenge, right if n % 2 else wrong) for n in range(20)])
    kinds = Counter(type(outcome) for outcome in outcomes)
    assert kinds[operations.TextExpired] == 19
    assert kinds[WalletAddress] + kinds[operations.WrongSignature] == 1


def test_two_members_with_the_same_key_at_once(alice, mallory, ask):
    asked = [(member, ask(member, key(1))) for member in (alice, mallory)]
    outcomes = together(*[partial(attempt, one, text, signed(key(1), text.words)) for one, text in asked])
    assert Counter(type(outcome) for outcome in outcomes) == {WalletAddress: 1, operations.AddressTaken: 1}


def test_many_first_addresses_at_once_make_one_primary(alice, ask):
    asked = [(key(n), ask(alice, key(n))) for n in range(1, 9)]
    outcomes = together(*[partial(attempt, alice, text, signed(by, text.words)) for by, text in asked])
    assert Counter(type(outcome) for outcome in outcomes) == {WalletAddress: 8}
    assert WalletAddress.objects.filter(is_primary=True).count() == 1
