"""What the feed's forms understand."""

from decimal import Decimal

import pytest

from config.lib.money import CoinsFormField
from config.templatetags.words import excerpt, words
from social.feed import forms


@pytest.mark.parametrize(("typed", "meant"), [("3", "3"), ("3.5", "3.5"), ("3,50", "3.50"), (" 10.00 ", "10.00")])
def test_coins_are_read_as_people_write_them(typed: str, meant: str) -> None:
    assert CoinsFormField().clean(typed) == Decimal(meant)


@pytest.mark.parametrize(
    "typed", ["", "-5", "+5", "1e2", "NaN", "Infinity", "５", "1_0", "1.234", "1,000.00", "0x1", ".5", "5."]
)
def test_coins_that_people_do_not_mean_are_refused(typed: str) -> None:
    with pytest.raises(Exception, match=r"(?i)required|digits"):
        CoinsFormField().clean(typed)


def test_a_form_without_a_key_acts_under_a_new_one() -> None:
    drawn = [forms.Tip({"amount": "2"}), forms.Tip({"amount": "2", "key": "not-a-uuid"})]
    assert drawn[0].is_valid()
    assert drawn[0].once != drawn[0].once
    assert not drawn[1].is_valid()


def test_a_refused_form_keeps_what_was_typed_under_a_new_key() -> None:
    form = forms.WriteComment({"content": "Words", "key": "019a0000-0000-7000-8000-000000000000"})
    assert form.is_valid()
    form.refuse(ValueError("No."))
    assert form["content"].value() == "Words"
    assert form["key"].value() != "019a0000-0000-7000-8000-000000000000"
    assert form.non_field_errors() == ["No."]


def test_words_make_paragraphs_and_line_breaks() -> None:
    assert words("a\r\nb\n\n \nc") == '<p dir="auto">a<br>b</p><p dir="auto">c</p>'
    assert words("") == ""
    assert words(None) == ""


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=x onerror=alert(1)>",
        '"><svg/onload=alert(1)>',
        "http://e.com/\"onmouseover='alert(1)'",
        "&lt;script&gt;",
    ],
)
def test_words_escape_everything_else(hostile: str) -> None:
    shown = words(hostile)
    assert "<img" not in shown
    assert "<svg" not in shown
    assert "<script" not in shown
    assert "onmouseover='" not in shown


def test_excerpt_cuts_between_words() -> None:
    assert excerpt("one two three", 20) == "one two three"
    assert excerpt("one two three four", 12) == "one two…"
    assert excerpt("x" * 30, 10) == "x" * 9 + "…"
