from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.signin import rules

ID = UUID("01936d2e-0b1c-7c3a-9d55-3f1b1a6c0a03")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+447700900123", "+447700900123"),
        ("  +44 (7700) 900-123 ", "+447700900123"),
        ("00447700900123", "+447700900123"),
        ("+49 170/5551000", "+491705551000"),
        ("+15551234567", "+15551234567"),
    ],
)
def test_numbers_as_people_write_them(typed, number):
    assert rules.number_of(typed) == number


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "+",
        "07700900123",
        "' OR 1=1 --",
        "+44'; DROP TABLE accounts_user; --",
        "1" * 400,
        "+" + "4" * 31,
        "+44770090012\x00",
        "+44\n7700900123",
        "+４４７７００９００１２３",
        "+44٧٧٠٠٩٠٠١٢٣",
        "+4477",
        "++447700900123",
        "+44 7700 900123;ext=5",
        "tel:+447700900123",
    ],
)
def test_what_is_no_number(typed):
    assert rules.number_of(typed) is None


@given(st.text())
def test_whatever_is_typed_gives_a_number_or_none(typed):
    number = rules.number_of(typed)
    assert number is None or (number.startswith("+") and number[1:].isdecimal() and len(number) <= 16)


@pytest.mark.parametrize("code", ["000000", "123456", "999999"])
def test_six_digits_are_a_code(code):
    assert rules.is_code(code)


@pytest.mark.parametrize(
    "code",
    [
        None,
        123456,
        True,
        ["1", "2"],
        "",
        "12345",
        "1234567",
        "12345a",
        " 123456",
        "123456\n",
        "１２３４５６",
        "١٢٣٤٥٦",
        "1" * 10_000,
    ],
)
def test_nothing_else_is(code):
    assert not rules.is_code(code)


def test_the_hash_is_bound_to_id_code_and_pepper():
    kept = rules.code_hash(verification_id=ID, code="123456", pepper="p")
    assert len(kept) == 64
    others = [
        rules.code_hash(verification_id=UUID(int=1), code="123456", pepper="p"),
        rules.code_hash(verification_id=ID, code="123457", pepper="p"),
        rules.code_hash(verification_id=ID, code="123456", pepper="q"),
    ]
    assert kept not in others
    assert "123456" not in kept


def test_a_masked_number_shows_country_and_end_only():
    assert rules.masked("+4915112345678") == "+49 ••• 78"
    assert rules.masked("+15551234567") == "+1 ••• 67"
