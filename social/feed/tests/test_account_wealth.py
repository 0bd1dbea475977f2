"""The view v_account_wealth: what SQL users see of each account."""

from decimal import Decimal

import pytest
from django.db import connection

from economy.ledger.models import Transfer
from social.feed import operations

pytestmark = pytest.mark.django_db


def wealth():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, token_balance, tokens_spent_lifetime, tokens_locked_on_posts, wealth_rank "
            "FROM v_account_wealth"
        )
        return {row[0]: row[1:] for row in cursor.fetchall()}


def test_a_tip_moves_its_giver_down_and_stands_on_the_post(alice, bob, mallory, now):
    post = operations.write_post(author=alice, content="bread", channel=Transfer.Channel.WEB, at=now)
    operations.tip_post(spender=bob, post_id=post.pk, coins=Decimal("4.00"), channel=Transfer.Channel.WEB, at=now)
    assert wealth() == {
        alice.pk: (Decimal("100.00"), Decimal("0.00"), Decimal("4.00"), 1),
        mallory.pk: (Decimal("100.00"), Decimal("0.00"), Decimal("0.00"), 1),
        bob.pk: (Decimal("96.00"), Decimal("4.00"), Decimal("0.00"), 3),
    }
    operations.remove_post(remover=alice, post_id=post.pk, at=now)
    assert wealth()[alice.pk][2] == Decimal("0.00")
    assert wealth()[bob.pk][0] == Decimal("100.00")
