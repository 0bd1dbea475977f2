"""`manage.py setting`."""

from decimal import Decimal as D
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from config.lib.runtime import figures


def said(*words):
    out = StringIO()
    call_command("setting", *words, stdout=out)
    return out.getvalue()


def test_all_settings_are_listed_with_their_meaning(db):
    listed = said()
    assert "TIP_MAX" in listed and "WRONG_CODES_PER_ADDRESS_DAY" in listed
    assert "Smallest tip." in listed


def test_a_setting_is_shown_and_set(db):
    assert said("TIP_MAX").strip() == "10.00"
    assert "10.00 → 12.50" in said("TIP_MAX", "12.50")
    assert D("12.50") == figures().TIP_MAX
    said("TIP_MAX", "10.00")


@pytest.mark.parametrize(
    ("name", "value"),
    [("TIP_MAX", "ten"), ("TIP_MAX", "-1"), ("TIP_CREATOR_SHARE", "1.5"), ("TAX_BASE", "mood"), ("NO", "1")],
)
def test_a_value_that_is_none_is_refused_and_changes_nothing(db, name, value):
    before = figures()
    with pytest.raises(CommandError):
        said(name, value)
    assert figures() == before
