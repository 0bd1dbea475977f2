"""Names that are shown."""

import pytest

from accounts.members import rules


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ana   Lucia ", "Ana Lucia"),
        ("Ana\nLucia\x1b[31m", "Ana Lucia [31m"),
        ("\u202eanA\u2066", "anA"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("ê" + "\u0301", "ê" + "\u0301"),
        ("★", "★"),
    ],
)
def test_a_name_is_one_line_that_leaves_the_text_around_it_alone(typed, kept):
    assert rules.shown_name(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", " ", "\u200b", "\u202e", "\u3164", "\u0301\u0301", "\U000e0041", "\x07", "\u00a0"]
)
def test_a_name_that_nobody_sees_is_none(typed):
    assert rules.shown_name(typed) == ""
