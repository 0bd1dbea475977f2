"""Keys of our own, which sign as wallets do."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_account.signers.local import LocalAccount

from accounts.wallets import operations
from accounts.wallets.models import AddressChallenge, WalletAddress

SITE = {"site": "civitas.example", "uri": "https://civitas.example/settings/addresses/"}


def key(number: int) -> LocalAccount:
    """The n-th key."""
    return Account.from_key(number.to_bytes(32, "big"))


def signed(by: LocalAccount, text: str) -> str:
    """A text signed by `personal_sign`, as a wallet writes it."""
    return "0x" + by.sign_message(encode_defunct(text=text)).signature.hex().removeprefix("0x")


@pytest.fixture
def ask(db: None) -> Callable[..., AddressChallenge]:
    def asked(member: Any, by: LocalAccount, network: str = "ethereum", at: datetime | None = None) -> AddressChallenge:
        return operations.ask_for_signature(
            member=member, address=by.address, network=network, at=at or timezone.now(), **SITE
        )

    return asked


@pytest.fixture
def prove(ask: Callable[..., AddressChallenge]) -> Callable[..., WalletAddress]:
    def proved(member: Any, by: LocalAccount, network: str = "ethereum") -> WalletAddress:
        challenge = ask(member, by, network)
        return operations.prove_address(
            member=member,
            challenge_id=challenge.pk,
            signature=signed(by, challenge.words),
            at=timezone.now(),
        )

    return proved
