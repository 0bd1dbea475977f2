from datetime import timedelta

import pytest
from constance.test import override_config

from accounts.members.operations import suspend
from accounts.members.operations.standing import AccountSuspended
from accounts.wallets import operations, queries
from accounts.wallets.models import AddressChallenge, WalletAddress
from accounts.wallets.tests.conftest import SITE, key, signed
from config.lib.refusals import NotThere

pytestmark = pytest.mark.django_db

A, B = key(1), key(2)


def test_the_key_s_own_signature_proves_an_address(alice, ask, now):
    challenge = ask(alice, A, "polygon")
    assert "@alice" in challenge.words and "civitas.example" in challenge.words and A.address in challenge.words
    proved = operations.prove_address(
        member=alice, challenge_id=challenge.pk, signature=signed(A, challenge.words), at=now
    )
    assert (proved.address, proved.network, proved.is_verified, proved.is_primary) == (A.address, "polygon", True, True)
    assert (proved.verified_at, list(queries.addresses_of(alice))) == (now, [proved])


def test_two_texts_are_never_the_same(alice, ask, now):
    assert ask(alice, A, at=now).words != ask(alice, A, at=now).words


def test_another_key_s_signature_proves_nothing_and_uses_the_text_up(alice, ask, now):
    challenge = ask(alice, A)
    with pytest.raises(operations.WrongSignature):
        operations.prove_address(member=alice, challenge_id=challenge.pk, signature=signed(B, challenge.words), at=now)
    with pytest.raises(operations.TextExpired):
        operations.prove_address(member=alice, challenge_id=challenge.pk, signature=signed(A, challenge.words), at=now)
    assert not WalletAddress.objects.exists()


def test_what_was_signed_for_another_text_proves_nothing(alice, ask, now):
    first, second = ask(alice, A), ask(alice, A)
    with pytest.raises(operations.WrongSignature):
        operations.prove_address(member=alice, challenge_id=second.pk, signature=signed(A, first.words), at=now)


def test_a_signature_cannot_be_played_again(alice, ask, now):
    challenge = ask(alice, A)
    signature = signed(A, challenge.words)
    proved = operations.prove_address(member=alice, challenge_id=challenge.pk, signature=signature, at=now)
    operations.remove_address(member=alice, address_id=proved.pk, at=now)
    with pytest.raises(operations.TextExpired):
        operations.prove_address(member=alice, challenge_id=challenge.pk, signature=signature, at=now)


def test_half_a_paste_leaves_the_text_good(alice, ask, now):
    challenge = ask(alice, A)
    signature = signed(A, challenge.words)
    for broken in ("", "0x1234", signature[:-4], "\x00", "１" * 130, "0x" + "g" * 130):
        with pytest.raises(operations.BadSignature):
            operations.prove_address(member=alice, challenge_id=challenge.pk, signature=broken, at=now)
    assert operations.prove_address(member=alice, challenge_id=challenge.pk, signature=signature, at=now).is_primary


def test_a_text_is_good_for_ten_minutes(alice, ask, now):
    late = now + timedelta(minutes=10)
    challenge = ask(alice, A, at=now)
    with pytest.raises(operations.TextExpired):
        operations.prove_address(member=alice, challenge_id=challenge.pk, signature=signed(A, challenge.words), at=late)
    in_time = late - timedelta(seconds=1)
    assert operations.prove_address(
        member=alice, challenge_id=challenge.pk, signature=signed(A, challenge.words), at=in_time
    )


def test_mallory_can_neither_see_nor_use_another_s_text(alice, mallory, ask, now):
    challenge = ask(alice, A)
    with pytest.raises(NotThere):
        operations.prove_address(
            member=mallory, challenge_id=challenge.pk, signature=signed(A, challenge.words), at=now
        )
    with pytest.raises(NotThere):
        queries.open_challenge(mallory, challenge.pk, at=now)
    assert queries.asked_for(mallory, challenge.pk) == {}
    assert queries.open_challenge(alice, challenge.pk, at=now) == challenge


def test_an_address_on_a_network_is_one_member_s(alice, mallory, prove):
    prove(alice, A)
    with pytest.raises(operations.AddressTaken) as refusal:
        prove(mallory, A)  # the same key in two pairs of hands
    assert (refusal.value.status, "alice" in str(refusal.value)) == (409, False)
    assert prove(mallory, A, "base").is_primary  # another network is another address


def test_whose_an_address_is_learns_only_who_holds_its_key(alice, mallory, ask, prove, now):
    prove(alice, A)
    challenge = ask(mallory, A)  # no word about alice yet
    with pytest.raises(operations.WrongSignature):
        operations.prove_address(
            member=mallory, challenge_id=challenge.pk, signature=signed(B, challenge.words), at=now
        )


def test_one_s_own_address_is_asked_for_once(alice, ask, prove):
    prove(alice, A)
    with pytest.raises(operations.AddressTaken) as refusal:
        ask(alice, A)
    assert "You have proved" in str(refusal.value)


def test_what_is_no_address_is_refused(alice, now):
    for typed in ("", "0x1234", "vitalik.eth", "0x" + "g" * 40, "\x00"):
        with pytest.raises(operations.BadAddress):
            operations.ask_for_signature(member=alice, address=typed, network="ethereum", at=now, **SITE)


@override_config(ADDRESSES_PER_ACCOUNT=2)
def test_one_account_has_so_many_addresses(alice, ask, prove, now):
    earlier = ask(alice, key(3))
    prove(alice, A), prove(alice, B)
    with pytest.raises(operations.TooManyAddresses):
        ask(alice, key(4))
    with pytest.raises(operations.TooManyAddresses):
        operations.prove_address(member=alice, challenge_id=earlier.pk, signature=signed(key(3), earlier.words), at=now)


@override_config(ADDRESS_TEXTS_PER_HOUR=2)
def test_texts_are_limited(alice, bob, ask):
    ask(alice, A), ask(alice, B)
    with pytest.raises(operations.TooManyTexts):
        ask(alice, A)
    ask(bob, A)


def test_one_primary_address_per_network(alice, prove, now):
    first, second, elsewhere = prove(alice, A), prove(alice, B), prove(alice, A, "gnosis")
    assert (first.is_primary, second.is_primary, elsewhere.is_primary) == (True, False, True)
    for _twice in range(2):
        operations.make_primary_address(member=alice, address_id=second.pk, at=now)
    primary = set(WalletAddress.objects.filter(is_primary=True).values_list("pk", flat=True))
    assert primary == {second.pk, elsewhere.pk}


def test_the_oldest_that_is_left_takes_the_place_of_a_primary_that_goes(alice, prove, now):
    first, second, third = prove(alice, A), prove(alice, B), prove(alice, key(3))
    operations.remove_address(member=alice, address_id=third.pk, at=now)
    assert WalletAddress.objects.get(is_primary=True) == first
    operations.remove_address(member=alice, address_id=first.pk, at=now)
    assert WalletAddress.objects.get() == second
    assert WalletAddress.objects.get().is_primary


def test_mallory_cannot_touch_another_s_addresses(alice, mallory, prove, now):
    address = prove(alice, A)
    for meddle in (operations.make_primary_address, operations.remove_address):
        with pytest.raises(NotThere):
            meddle(member=mallory, address_id=address.pk, at=now)
    assert WalletAddress.objects.get() == address


def test_a_suspended_member_proves_nothing_but_may_take_an_address_back(alice, moderator, ask, prove, now):
    address, challenge = prove(alice, A), ask(alice, B)
    suspend(member=alice, staff=moderator, reason="spam", at=now)
    alice.refresh_from_db()
    signature = signed(B, challenge.words)
    with pytest.raises(AccountSuspended):
        ask(alice, B)
    with pytest.raises(AccountSuspended):
        operations.prove_address(member=alice, challenge_id=challenge.pk, signature=signature, at=now)
    with pytest.raises(AccountSuspended):
        operations.make_primary_address(member=alice, address_id=address.pk, at=now)
    operations.remove_address(member=alice, address_id=address.pk, at=now)
    assert not WalletAddress.objects.exists()


def test_texts_are_forgotten_a_week_after_they_expired(alice, ask, now):
    ask(alice, A, at=now - timedelta(days=8))
    kept = ask(alice, B, at=now - timedelta(days=6))
    assert operations.forget_old_texts(at=now) == 1
    assert AddressChallenge.objects.get() == kept
