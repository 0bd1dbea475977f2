"""Writes about members' addresses on other networks: asking for a signature, looking at it, choosing, removing."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.members.models import User
from accounts.members.operations.standing import must_act
from accounts.wallets import rules
from accounts.wallets.models import AddressChallenge, Network, WalletAddress
from accounts.wallets.queries import own_address
from config.lib.limits import Limit, take
from config.lib.refusals import NotThere, Refused, TooMany
from config.lib.runtime import figures

GOOD_FOR = timedelta(minutes=10)
_KEPT_FOR = timedelta(days=7)
_HOUR = 3600


class BadAddress(Refused):
    """Not an address, or one whose capitals do not fit."""

    slug = "bad-address"
    title = _("Not an address")
    sentence = _("An address is 0x and 40 signs of 0–9 and a–f. If it has capitals, one of its signs is wrong.")
    field = "address"


class AddressTaken(Refused):
    """Somebody has proved that it is theirs."""

    slug = "address-taken"
    status = 409
    title = _("Proved before")
    sentence = _("This address on %(network)s has been proved to belong to an account here.")
    field = "address"


class TooManyAddresses(Refused):
    """ADDRESSES_PER_ACCOUNT."""

    slug = "too-many-addresses"
    title = _("Enough addresses")
    sentence = _("One account can have %(most)s addresses. Remove one first.")
    field = "address"


class TooManyTexts(TooMany):
    """ADDRESS_TEXTS_PER_HOUR."""

    slug = "too-many-requests"


class BadSignature(Refused):
    """What was sent cannot be a signature; it has not been held against the text."""

    slug = "bad-signature"
    title = _("Not a signature")
    sentence = _("A signature is 0x and 130 signs of 0–9 and a–f. Copy all of what your wallet shows.")
    field = "signature"


class WrongSignature(Refused):
    """Another key's signature, or one of another text."""

    slug = "wrong-signature"
    title = _("Not signed by this address")
    sentence = _(
        "This is not the signature of %(address)s under this text, which was good for one try. Ask for another."
    )
    field = "signature"


class TextExpired(Refused):
    """The text was signed too late, or has been used."""

    slug = "text-expired"
    title = _("The text is no longer good")
    sentence = _("This text was used, or is older than ten minutes. Ask for another one.")


def ask_for_signature(
    *, member: User, address: str, network: str, site: str, uri: str, at: datetime
) -> AddressChallenge:
    """Make the text that the key of an address is to sign. `site` and `uri` are where the member is asked.

    May refuse with NotAllowed, BadAddress, AddressTaken, TooManyAddresses, TooManyTexts.
    """
    must_act(member)
    written = rules.address_in(address)
    if not written:
        raise BadAddress()
    chosen = Network(network)
    if WalletAddress.objects.filter(user=member, address=written, network=chosen).exists():
        raise AddressTaken(_("You have proved this address on %(network)s already.") % {"network": chosen.label})
    # Whether it is somebody else's is said to those alone who hold its key: not every member shows theirs.
    _must_have_room(member)
    take(Limit("address-text", str(member.pk), figures().ADDRESS_TEXTS_PER_HOUR, _HOUR), refuse=TooManyTexts)
    return AddressChallenge.objects.create(
        user=member,
        address=written,
        network=chosen,
        words=rules.text_to_sign(
            site=site,
            uri=uri,
            username=member.primary_page.username,
            address=written,
            network=chosen.value,
            label=str(chosen.label),
            nonce=secrets.token_hex(16),
            issued=at,
            expires=at + GOOD_FOR,
        ),
        created_at=at,
        expires_at=at + GOOD_FOR,
    )


def prove_address(*, member: User, challenge_id: UUID, signature: str, at: datetime) -> WalletAddress:
    """Take a signature for the proof that an address is the member's; the first on its network becomes the primary one.

    May refuse with NotAllowed, NotThere, BadSignature (the text stays good), TextExpired, WrongSignature, AddressTaken,
    TooManyAddresses (the text is used up).
    """
    must_act(member)
    signed = rules.signature_in(signature)
    if not signed:
        raise BadSignature()
    # A transaction of its own: the text is used even if what follows is refused, so nobody tries one text twice.
    challenge = _use_up(member, challenge_id, at)
    if rules.signer_of(challenge.words, signed) != challenge.address:
        raise WrongSignature(address=challenge.address)
    network = Network(challenge.network)
    try:
        with _own_addresses(member):
            _must_have_room(member)
            has_primary = WalletAddress.objects.filter(user=member, network=network, is_primary=True).exists()
            return WalletAddress.objects.create(
                user=member,
                address=challenge.address,
                network=network,
                is_primary=not has_primary,
                is_verified=True,
                verified_at=at,
                created_at=at,
                updated_at=at,
            )
    except IntegrityError as error:
        # Someone else, or another browser of theirs, was quicker with the same address.
        raise AddressTaken(network=network.label) from error


def make_primary_address(*, member: User, address_id: UUID, at: datetime) -> WalletAddress:
    """Make an address the one to use on its network. May refuse with NotAllowed, NotThere."""
    must_act(member)
    with _own_addresses(member):
        chosen = own_address(member, address_id)
        if not chosen.is_primary:
            # One after the other: at no moment may there be two.
            WalletAddress.objects.filter(user=member, network=chosen.network, is_primary=True).update(is_primary=False)
            WalletAddress.objects.filter(pk=chosen.pk).update(is_primary=True)
            chosen.is_primary = True
    return chosen


def remove_address(*, member: User, address_id: UUID, at: datetime) -> None:
    """Forget an address; the oldest that is left on its network takes its place as the primary one.

    Also for suspended members: what is told of oneself can be taken back. May refuse with NotThere.
    """
    with _own_addresses(member):
        gone = own_address(member, address_id)
        gone.delete()
        if gone.is_primary:
            left = WalletAddress.objects.filter(user=member, network=gone.network, is_verified=True)
            WalletAddress.objects.filter(pk__in=left.order_by("id").values("pk")[:1]).update(is_primary=True)


def forget_old_texts(*, at: datetime) -> int:
    """Delete the texts that nobody can sign any more; how many."""
    return AddressChallenge.objects.filter(expires_at__lt=at - _KEPT_FOR).delete()[0]


def _use_up(member: User, challenge_id: UUID, at: datetime) -> AddressChallenge:
    """One conditional UPDATE: of twenty signatures at once, one is looked at."""
    asked = AddressChallenge.objects.filter(pk=challenge_id, user=member)
    if not asked.filter(used_at=None, expires_at__gt=at).update(used_at=at):
        raise TextExpired() if asked.exists() else NotThere()
    return asked.get()


@contextmanager
def _own_addresses(member: User) -> Iterator[None]:
    """A transaction in which a member's addresses change one after the other."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).values_list("pk").get(pk=member.pk)
        yield


def _must_have_room(member: User) -> None:
    most = figures().ADDRESSES_PER_ACCOUNT
    if WalletAddress.objects.filter(user=member).count() >= most:
        raise TooManyAddresses(most=most)
