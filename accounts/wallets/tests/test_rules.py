from datetime import UTC, datetime, timedelta

import pytest

from accounts.wallets import rules
from accounts.wallets.models import Network

# From the documents of eth-account: this text, this signature, this signer.
HEARTS = "I♥SF"
OF_HEARTS = (
    "0xe6ca9bba58c88611fad66a6ce8f996908195593807c4b38bd528d2cff09d4eb3"
    "3e5bfbbf4d3e39b1a2fd816a7680c19ebebaf3a141b239934ad43cb33fcec8ce1c"
)
ITS_SIGNER = "0x5ce9454909639D2D17A3F753ce7d93fa0b9aB12E"

# The examples of EIP-55.
CHECKSUMMED = [
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
]


@pytest.mark.parametrize("address", CHECKSUMMED)
def test_an_address_is_written_with_its_checksum(address):
    small, large = address.lower(), "0x" + address[2:].upper()
    assert [rules.address_in(typed) for typed in (address, small, large, f" {small}\n")] == [address] * 4


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0x",
        CHECKSUMMED[0][:-1],
        CHECKSUMMED[0] + "0",
        CHECKSUMMED[0][2:],
        CHECKSUMMED[0].replace("5aA", "5Aa"),  # a sign's capital is wrong, so perhaps the sign itself
        CHECKSUMMED[0].replace("6", "６"),
        CHECKSUMMED[0].replace("6", "g"),
        "0x" + "0" * 39 + "\x00",
        "vitalik.eth",
        "x" * 10_000,
    ],
)
def test_what_is_no_address_is_none(typed):
    assert rules.address_in(typed) == ""


def test_a_signature_tells_its_signer():
    assert rules.signer_of(HEARTS, rules.signature_in(OF_HEARTS)) == ITS_SIGNER
    assert rules.signer_of(HEARTS + ".", rules.signature_in(OF_HEARTS)) != ITS_SIGNER


def test_hardware_wallets_write_the_last_byte_as_0_or_1():
    assert rules.signer_of(HEARTS, rules.signature_in(OF_HEARTS[:-2] + "01")) == ITS_SIGNER


def test_line_breaks_and_a_missing_0x_are_forgiven():
    assert rules.signature_in(f" {OF_HEARTS[2:66]}\r\n{OF_HEARTS[66:]}\n") == bytes.fromhex(OF_HEARTS[2:])


@pytest.mark.parametrize("typed", ["", "0x", OF_HEARTS[:-1], OF_HEARTS + "00", "z" * 130, "１" * 130, "\x00" * 130])
def test_what_is_no_signature_is_none(typed):
    assert rules.signature_in(typed) == b""


@pytest.mark.parametrize("last", ["1b", "1c", "00", "01", "1d", "ff", "25"])
@pytest.mark.parametrize("numbers", ["00" * 64, "ff" * 64, "00" * 63 + "01", "01" * 32 + "00" * 32, "ab" * 64])
def test_numbers_that_lie_on_no_curve_have_no_signer_and_break_nothing(numbers, last):
    signer = rules.signer_of(HEARTS, bytes.fromhex(numbers + last))
    assert signer == "" or rules.address_in(signer) == signer


def test_the_text_names_who_asks_for_whom_where_and_until_when():
    at = datetime(2026, 11, 21, 8, 0, 30, 999, tzinfo=UTC)
    text = rules.text_to_sign(
        site="civitas.example",
        uri="https://civitas.example/settings/addresses/",
        username="alice",
        address=ITS_SIGNER,
        network="polygon",
        label="Polygon",
        nonce="0123456789abcdef",
        issued=at,
        expires=at + timedelta(minutes=10),
    )
    assert text.split("\n") == [
        "civitas.example wants you to sign in with your Ethereum account:",
        ITS_SIGNER,
        "",
        "Show that this address on Polygon belongs to @alice at civitas.example. This moves nothing and costs nothing.",
        "",
        "URI: https://civitas.example/settings/addresses/",
        "Version: 1",
        "Chain ID: 137",
        "Nonce: 0123456789abcdef",
        "Issued At: 2026-11-21T08:00:30Z",
        "Expiration Time: 2026-11-21T08:10:30Z",
    ]


def test_every_network_has_a_chain():
    assert set(rules.CHAINS) == set(Network.values)
