"""What a withdrawal costs, how far it is to the next tier, and where coins can be paid to."""

from decimal import Decimal as D
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings.figures import FIGURES
from economy.withdrawals import rules
from economy.withdrawals.rules.addresses import address_on
from economy.withdrawals.rules.details import iban_in

TIERS = rules.tiers_of(SimpleNamespace(**{name: default for name, (default, *_rest) in FIGURES.items()}))


@pytest.mark.parametrize(
    ("amount", "rate", "fee", "net"),
    [
        ("500.00", "0.07", "35.00", "465.00"),
        ("500.00", "0.05", "25.00", "475.00"),
        ("500.00", "0.03", "15.00", "485.00"),
        ("500.00", "0.01", "5.00", "495.00"),
        ("500.00", "0.00", "0.00", "500.00"),
        ("777.77", "0.07", "54.44", "723.33"),  # 54.4439, rounded down
    ],
)
def test_the_fee_is_rounded_down_and_the_rest_is_paid_out(amount, rate, fee, net):
    cost = rules.cost_of(D(amount), rate=D(rate))
    assert (cost.fee, cost.net) == (D(fee), D(net))


@given(amount=st.decimals("0.01", "1000000", places=2), rate=st.decimals("0", "1", places=4))
def test_fee_and_net_are_the_amount(amount, rate):
    cost = rules.cost_of(amount, rate=rate)
    assert cost.fee + cost.net == amount
    assert cost.fee >= 0
    assert cost.net >= 0


@pytest.mark.parametrize(
    ("days", "tier", "fee"),
    [
        (0, "BRONZE", "0.07"),
        (21, "BRONZE", "0.07"),
        (22, "SILVER", "0.05"),
        (44, "SILVER", "0.05"),
        (45, "GOLD", "0.03"),
        (66, "GOLD", "0.03"),
        (67, "PLATINUM", "0.01"),
        (89, "PLATINUM", "0.01"),
        (90, "DIAMOND", "0.00"),
        (5000, "DIAMOND", "0.00"),
    ],
)
def test_tiers_by_days_of_activity(days, tier, fee):
    found = rules.tier_after(days, TIERS)
    assert (found.name, found.fee) == (tier, D(fee))


def test_progress_says_what_is_missing():
    found = rules.progress(30, TIERS)
    assert found.next is not None
    assert (found.present.name, found.next.name, found.missing) == ("SILVER", "GOLD", 15)
    assert found.part == pytest.approx(8 / 23)
    top = rules.progress(90, TIERS)
    assert (top.present.name, top.next, top.missing, top.part) == ("DIAMOND", None, 0, 1.0)


@given(days=st.integers(0, 200), steps=st.lists(st.integers(0, 200), min_size=4, max_size=4))
def test_progress_makes_sense_whatever_the_settings(days, steps):
    tiers = (TIERS[0], *(rules.Tier(t.name, d, t.fee) for t, d in zip(TIERS[1:], steps, strict=True)))
    found = rules.progress(days, tiers)
    assert found.present.days <= days
    assert 0 <= found.part <= 1
    assert found.next is None or found.missing > 0


@pytest.mark.parametrize(
    "iban",
    ["DE89 3704 0044 0532 0130 00", "de89370400440532013000", "GB82 WEST 1234 5698 7654 32", "NO93 8601 1117 947"],
)
def test_ibans_that_can_be_right(iban):
    assert iban_in(iban) == iban.replace(" ", "").upper()


@pytest.mark.parametrize(
    "iban",
    [
        *("", "DE", "DE89370400440532013001", "DE8937040044053201300", "XX00", "DE89370400440532013000'--"),
        *("DE٨٩370400440532013000", "DE89370400440532013000" * 9, "\x00", "1234567890"),
    ],
)
def test_ibans_that_cannot(iban):
    assert iban_in(iban) == ""


@pytest.mark.parametrize(
    ("network", "typed", "written"),
    [
        ("bitcoin", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
        ("bitcoin", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"),
        (
            "bitcoin",
            "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
        ),
        ("bitcoin", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", None),
        ("ethereum", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
        ("base", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", None),
    ],
)
def test_addresses_that_can_be_right(network, typed, written):
    assert address_on(network, typed) == (written or typed)


@pytest.mark.parametrize(
    ("network", "typed"),
    [
        ("bitcoin", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"),
        ("bitcoin", "1A1zP1eP5QGefi2DMPTfTL5SLmv7Divf0a"),
        ("bitcoin", "z" * 35),
        ("bitcoin", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5"),
        ("bitcoin", "bc1qW508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
        ("bitcoin", "bc1"),
        ("bitcoin", "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7k7grplx"),  # BIP-173's checksum
        ("bitcoin", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
        ("ethereum", "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
        ("ethereum", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
        ("ethereum", ""),
        ("dogecoin", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
    ],
)
def test_addresses_that_cannot(network, typed):
    assert address_on(network, typed) == ""


@given(st.text(max_size=60), st.sampled_from(rules.ADDRESS_NETWORKS))
def test_no_text_breaks_the_look_at_an_address(text, network):
    assert isinstance(address_on(network, text), str)
    assert isinstance(address_on(network, "bc1" + text), str)


@pytest.mark.parametrize(
    ("method", "given", "bad"),
    [
        ("BANK", {"holder": "Alice"}, "iban"),
        ("BANK", {"iban": "DE89370400440532013000"}, "holder"),
        ("BANK", {"holder": "A\nlice", "iban": "DE89370400440532013000"}, "holder"),
        ("BANK", {"holder": "Alice", "iban": "DE89370400440532013000", "bic": "12"}, "bic"),
        ("BANK", {"holder": "Alice", "iban": "DE89370400440532013000", "card": "STEAM"}, "card"),
        ("PAYPAL", {"email": "alice"}, "email"),
        ("PAYPAL", {"email": "a@b.c\nbcc: d@e.f"}, "email"),
        ("PAYPAL", {}, "email"),
        ("CRYPTO", {"network": "base", "address": "0x12"}, "address"),
        ("CRYPTO", {"network": "moon", "address": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"}, "network"),
        ("GIFT_CARD", {"card": "GOLD", "email": "alice@example.org"}, "card"),
        ("GIFT_CARD", {"card": "STEAM"}, "email"),
    ],
)
def test_details_that_cannot_be_right_name_their_field(method, given, bad):
    with pytest.raises(rules.BadDetail) as refused:
        rules.checked_details(method, given)
    assert refused.value.field == bad


def test_details_are_kept_in_one_spelling():
    given = {"holder": " Alice Example ", "iban": "de89 3704 0044 0532 0130 00", "bic": "cobadeff"}
    assert rules.checked_details("BANK", given) == {
        "holder": "Alice Example",
        "iban": "DE89370400440532013000",
        "bic": "COBADEFF",
    }


@pytest.mark.parametrize(
    ("method", "details", "shown"),
    [
        ("BANK", {"iban": "DE89370400440532013000"}, "DE89…3000"),
        ("PAYPAL", {"email": "alice@example.org"}, "al…@example.org"),
        ("CRYPTO", {"address": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"}, "0x5aAe…eAed"),
        ("GIFT_CARD", {"email": "bob@example.org"}, "bo…@example.org"),
        ("BANK", {}, ""),
    ],
)
def test_lists_show_the_ends_alone(method, details, shown):
    assert rules.shortened(method, details) == shown
