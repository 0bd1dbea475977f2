"""Lists of the admin say whose their rows are, by name, and find them by it."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.members.staff import TellsWho
from economy.ledger.models import Transfer
from social.feed import operations as feed

TABLES = [table for table in admin.site._registry.values() if isinstance(table, TellsWho)]


@pytest.fixture
def post(alice: Any, bob: Any) -> Any:
    """A post that bob has tipped, of a page that he follows."""
    now = timezone.now()
    post = feed.write_post(author=alice, content="Hello", channel=Transfer.Channel.WEB, at=now)
    feed.tip_post(spender=bob, post_id=post.pk, coins=Decimal("2.00"), channel=Transfer.Channel.WEB, at=now)
    feed.follow(follower=bob, page=alice.primary_page, at=now)
    return post


@pytest.mark.django_db
def test_rows_say_whose_they_are_and_are_found_by_it(client: Client, admin_member: Any, bob: Any, post: Any):
    client.force_login(admin_member)
    seen = set()
    for table in TABLES:
        options = table.model._meta
        where = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
        rows = table.model._default_manager.filter(**{table.member: bob.pk}).count()
        if rows:
            page = client.get(where).content.decode()
            assert f'<a href="/admin/accounts/user/{bob.pk}/change/">@bob</a>' in page, where
            seen.add(options.model_name)
        if not table.finds_by_name:
            continue
        for typed in ("@bob", "bob"):
            found = client.get(where, {"q": typed}).context["cl"].result_list
            assert [row.whose for row in found] == [bob.pk] * rows, where
        assert not client.get(where, {"q": "@nobody_at_all"}).context["cl"].result_list, where
    assert {"transfer", "posting", "follow", "profile", "transferkey"} <= seen


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz", "-" * 36])
def test_what_looks_like_an_id_and_is_none_finds_nothing(client: Client, admin_member: Any, post: Any, typed: str):
    client.force_login(admin_member)
    for name in ("post", "comment"):
        answer = client.get(reverse(f"admin:social_{name}_changelist"), {"q": typed})
        assert answer.status_code == 200
        assert not answer.context["cl"].result_list
