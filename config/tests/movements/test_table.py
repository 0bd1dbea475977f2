"""The table of movements, row by row, and where each is told. A row without its test fails here."""

import importlib
import re
from pathlib import Path

import pytest
from django.conf import settings

from economy.ledger.models import Lock, TransferKind

SAID, OWNED = "config.tests.movements.test_said", "config.tests.movements.test_owned"

# What happens → the kinds of transfer or lock that it makes → the test that tells it.
ROWS = {
    "phone verified first time": (["SIGNUP_GRANT"], f"{SAID}.test_a_phone_verified_for_the_first_time"),
    "tip on a post or comment": (["TIP"], f"{SAID}.test_a_tip"),
    "the tip is taken back within 24 h": (["TIP_REFUND"], f"{SAID}.test_a_tip_taken_back"),
    "24 h have passed (settlement)": (["TIP_SETTLEMENT"], f"{SAID}.test_a_tip_settled"),
    "content removed inside the window": (["TIP_REFUND"], f"{SAID}.test_content_removed_inside_the_window"),
    "comment beyond the free ones": (["COMMENT_FEE"], f"{SAID}.test_a_comment_beyond_the_free_ones"),
    "post within 10 minutes of one's last": (["POST_FEE"], f"{SAID}.test_posts_within_ten_minutes"),
    "boost of one's own post": (["BOOST"], f"{SAID}.test_a_boost"),
    "bounty of one's own post": (["BOUNTY"], f"{SAID}.test_a_bounty"),
    "bounty paid for the chosen answer": (["BOUNTY_AWARD"], f"{SAID}.test_a_bounty"),
    "bounty without a chosen answer, or whose post is removed": (["BOUNTY_RETURN"], f"{SAID}.test_a_bounty"),
    "gift to another member": (["GIFT"], f"{OWNED}.test_a_gift"),
    "weekly tax": (["TAX"], f"{OWNED}.test_the_weekly_tax"),
    "weekly stipend": (["STIPEND"], f"{OWNED}.test_the_weekly_stipend"),
    "reward (forum and market activity)": (["REWARD"], f"{OWNED}.test_a_reward"),
    "vault": (["vault"], f"{OWNED}.test_the_vault"),
    "withdrawal asked": (["withdrawal"], f"{OWNED}.test_a_withdrawal_asked_for"),
    "withdrawal paid (by staff)": (["WITHDRAWAL"], f"{OWNED}.test_a_withdrawal_decided"),
    "deposit or grant by staff": (["STAFF_GRANT"], f"{OWNED}.test_a_grant_by_staff"),
}
# Rows of rooms that are not built. Whoever builds one takes its line from here and tells it above.
TO_COME = {
    "purchase": ["PURCHASE"],
    "refund of a purchase": ["PURCHASE_REFUND"],
    "sale settled": ["SALE_SETTLEMENT"],
    "proposal deposit": ["deposit", "DEPOSIT_FORFEITED"],
}
# Kinds that are no row of the table: mended by hand, left by an account that was erased, decided by a vote, staked in
# one, and coins that come from outside, which staff grant (STAFF_GRANT) as long as there is no payment provider.
BESIDES = {"CORRECTION", "LEFT_BEHIND", "TREASURY_PAYMENT", "stake", "DEPOSIT"}


@pytest.mark.parametrize("row", ROWS)
def test_each_row_has_its_test(row):
    module, name = ROWS[row][1].rsplit(".", 1)
    assert callable(getattr(importlib.import_module(module), name))


def test_no_kind_of_movement_or_lock_is_without_a_row():
    told = {kind for kinds, _test in ROWS.values() for kind in kinds}
    waiting = {kind for kinds in TO_COME.values() for kind in kinds}
    assert told | waiting | BESIDES == {*TransferKind.values, *Lock.Kind.values}
    assert not told & waiting


def test_no_code_makes_a_movement_of_a_row_to_come():
    """As soon as one does, its row is due."""
    waiting = "|".join(kind for kinds in TO_COME.values() for kind in kinds if kind.isupper())
    made = re.compile(rf"TransferKind\.({waiting})\b|ledger_move(_many)?\('({waiting})'")
    makers = [
        str(path)
        for house in ("economy", "social", "marketplace", "governance")
        for path in (Path(settings.BASE_DIR) / house).rglob("*.*")
        if path.suffix in (".py", ".sql") and "tests" not in path.parts and made.search(path.read_text())
    ]
    assert makers == []
