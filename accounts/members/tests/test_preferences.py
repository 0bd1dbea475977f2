"""Preferences: pure."""

import pytest

from accounts.members import preferences

LANGUAGES = ("en", "pt")


def test_what_was_never_chosen_has_its_default():
    chosen = preferences.complete({"digest": "weekly", "something_old": 1})
    assert chosen == {**preferences.DEFAULTS, "digest": "weekly"}


def test_defaults_are_good_themselves():
    for name, value in preferences.DEFAULTS.items():
        assert preferences.fault_of(name, value, languages=LANGUAGES) == ""


def test_a_change_leaves_the_rest_inside_notices_too():
    stored = {"digest": "weekly", "notices": {"tip": {"site": True, "email": "off"}, "gift": {"site": False}}}
    assert preferences.merged(stored, {"hide_balance": True, "notices": {"tip": {"email": "now"}}}) == {
        "digest": "weekly",
        "hide_balance": True,
        "notices": {"tip": {"site": True, "email": "now"}, "gift": {"site": False}},
    }
    assert stored["notices"]["tip"] == {"site": True, "email": "off"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", "pt"),
        ("time_zone", "Europe/Lisbon"),
        ("time_zone", "UTC"),
        ("quiet_from", "22:00"),
        ("quiet_to", ""),
        ("digest", "off"),
        ("messages_from", "followed"),
        ("show_addresses", True),
        ("least_standing", 0),
        ("least_standing", 1000),
        ("notices", {"tip": {"site": False}, "tax-taken": {"email": "digest"}}),
    ],
)
def test_what_can_be_chosen(name, value):
    assert preferences.fault_of(name, value, languages=LANGUAGES) == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", "de"),
        ("language", None),
        ("time_zone", "Moon/Crater"),
        ("time_zone", "../etc/passwd"),
        ("time_zone", "\0"),
        ("time_zone", ["UTC"]),
        ("quiet_from", "24:00"),
        ("quiet_from", "7:00"),
        ("quiet_from", "22:00\n"),
        ("quiet_to", "٢٢:٠٠"),
        ("digest", "hourly"),
        ("digest", {}),
        ("messages_from", True),
        ("hide_balance", "yes"),
        ("hide_balance", 1),
        ("least_standing", -1),
        ("least_standing", 1001),
        ("least_standing", True),
        ("least_standing", "5"),
        ("least_standing", 2.5),
        ("least_standing", None),
        ("notices", []),
        ("notices", {"tip": "off"}),
        ("notices", {"tip": {"fax": True}}),
        ("notices", {"tip": {"site": "no"}}),
        ("notices", {"tip": {"email": "hourly"}}),
        ("notices", {"x" * 41: {}}),
        ("notices", {str(number): {} for number in range(101)}),
    ],
)
def test_what_cannot_be_chosen(name, value):
    assert preferences.fault_of(name, value, languages=LANGUAGES) == "invalid"


def test_what_is_no_preference():
    assert preferences.fault_of("theme_song", "loud", languages=LANGUAGES) == "unknown"
