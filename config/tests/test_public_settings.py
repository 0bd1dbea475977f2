"""GET settings: what members live by is told, and what would help those who try is not."""

from decimal import Decimal as D

import pytest
from constance import config
from django.conf import settings
from django.test import Client

from config.lib import runtime
from config.settings.figures import FIGURES

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/settings"


def told(**headers):
    answer = Client().get(ADDRESS, headers=headers)
    assert answer.status_code == 200, answer.content
    return {row["key"]: row for row in answer.json()}


def test_a_visitor_reads_what_a_tip_may_be():
    assert told()["TIP_MAX"] == {
        "key": "TIP_MAX",
        "value": "10.00",
        "type": "coins",
        "description": "Most that one member may tip one post or comment, all tips together.",
    }
    assert told()["TIP_CREATOR_SHARE"]["value"] == "0.60"
    assert told()["FREE_COMMENTS_PER_DAY"]["value"] == 2
    assert told()["TAX_BASE"]["value"] == "average"


def test_a_change_is_told():
    config.SIGN_UP_MODE = "invitation"
    config.TIP_MAX = D("12.50")
    runtime.forget()
    assert told()["SIGN_UP_MODE"]["value"] == "invitation"
    assert told()["TIP_MAX"]["value"] == "12.50"


@pytest.mark.parametrize(
    "name",
    [
        "CODES_SPEND_DAY",
        "CODES_PER_BLOCK_DAY",
        "CODE_COUNTRIES",
        "WRONG_CODES_PER_NUMBER_DAY",
        "PASSWORDS_PER_ACCOUNT_HOUR",
        "SECOND_PROOFS_PER_DAY",
        "RELEASED_NUMBER_MONTHS",
        "AUDIT_KEPT_MONTHS",
    ],
)
def test_how_far_one_can_try_is_not_told(name):
    assert name in FIGURES
    assert name not in told()


def test_only_settings_that_there_are_can_be_public():
    assert set(FIGURES) >= settings.PUBLIC_SETTINGS
    assert list(told()) == sorted(settings.PUBLIC_SETTINGS)


def test_it_is_only_read_and_only_in_json(alice, api):
    assert api(alice).post(ADDRESS, {"key": "TIP_MAX", "value": "1000"}).status_code == 405
    assert Client().get(ADDRESS)["Content-Type"] == "application/json"
