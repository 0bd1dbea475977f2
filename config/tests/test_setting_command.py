"""`manage.py setting`."""

from datetime import timedelta
from decimal import Decimal as D
from io import StringIO

import pytest
from django.conf import settings
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
    [
        ("TIP_MAX", "ten"),
        ("TIP_MAX", "-1"),
        ("TIP_CREATOR_SHARE", "1.5"),
        ("TAX_BASE", "mood"),
        ("NO", "1"),
        ("VAULT_RATE", "-0.10"),
        ("VAULT_RATE", "1.01"),
        ("VAULT_DAYS", "-1"),
        ("VAULT_DAYS", "3651"),
        ("VAULT_DAYS", "1000000000"),
        ("REFUND_WINDOW_HOURS", "87601"),
        ("AUDIT_KEPT_MONTHS", "1201"),
        ("WITHDRAWAL_MIN", "1e400"),
    ],
)
def test_a_value_that_is_none_is_refused_and_changes_nothing(db, name, value):
    before = figures()
    with pytest.raises(CommandError):
        said(name, value)
    assert figures() == before


def test_every_span_of_time_has_the_bounds_of_its_unit():
    units = {"SECONDS", "MINUTES", "HOURS", "DAYS", "MONTHS"}
    for name, (default, _meaning, kind) in settings.CONSTANCE_CONFIG.items():
        unit = name.rsplit("_", 1)[-1]
        if unit in units and "_PER_" not in name:
            assert kind == unit.lower(), name
            assert 0 <= default <= settings.CONSTANCE_ADDITIONAL_FIELDS[kind][1]["max_value"]


def test_the_longest_span_of_each_unit_is_a_hundred_years_at_most():
    seconds = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400, "months": 31 * 86_400}
    for unit, length in seconds.items():
        most = settings.CONSTANCE_ADDITIONAL_FIELDS[unit][1]["max_value"]
        assert timedelta(seconds=most * length) < timedelta(days=102 * 366)
