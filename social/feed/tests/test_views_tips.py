"""Tipping and taking back on the pages."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.wallets.models import Wallet
from economy.ledger.models import Transfer
from social.feed import operations
from social.feed.addresses import address_of_comment
from social.feed.models import Tip

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def available(member: Any) -> Decimal:
    return Wallet.objects.get(user=member).available


@pytest.fixture
def post(alice: Any) -> Any:
    return operations.write_post(author=alice, content="Hello.", channel=Transfer.Channel.WEB, at=timezone.now())


@pytest.fixture
def comment(alice: Any, post: Any) -> Any:
    return operations.write_comment(
        author=alice, post_id=post.pk, content="And this.", channel=Transfer.Channel.WEB, at=timezone.now()
    )


@pytest.fixture
def as_bob(client: Client, bob: Any) -> Client:
    client.force_login(bob)
    return client


def tip_url(post: Any) -> str:
    return reverse("social:tip_post", args=[post.pk])


def key_in(page: str) -> str:
    return re.search(r'name="key" value="([^"]+)"', page)[1]


def test_the_form_says_before_what_a_tip_will_do(as_bob: Client, post: Any) -> None:
    page = as_bob.get(tip_url(post), {"amount": "10"}).content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    assert "You keep 90.00 coins." in text
    assert "Alice gets 6.00 coins in 24 h unless you take it back." in text
    assert "2.00 coins go to the treasury, 2.00 coins are burned." in text


def test_quick_taps_work_as_links(as_bob: Client, post: Any) -> None:
    page = as_bob.get(tip_url(post)).content.decode()
    for amount in (1, 2, 5, 10):
        assert f"?amount={amount}" in page


def test_a_tip_beyond_what_one_has_is_announced_as_such(as_bob: Client, bob: Any, post: Any) -> None:
    for number in range(10):
        other = operations.write_post(
            author=post.user,
            content=f"Number {number}",
            channel=Transfer.Channel.WEB,
            at=timezone.now() - timedelta(minutes=11 * (number + 2)),
        )
        operations.tip_post(
            spender=bob,
            post_id=other.pk,
            coins=Decimal("9.80"),
            channel=Transfer.Channel.WEB,
            at=timezone.now(),
        )
    page = as_bob.get(tip_url(post), {"amount": "5"}, headers=HTMX).content.decode()
    assert "Choose less" in page


@pytest.mark.parametrize("typed", ["0", "-5", "1e1", "NaN", "５", "", "1.5.2", "99999999999999999999", "3.333"])
def test_the_preview_answers_whatever_is_typed(as_bob: Client, post: Any, typed: str) -> None:
    response = as_bob.get(tip_url(post), {"amount": typed, "part": "preview"}, headers=HTMX)
    assert response.status_code == 200


def test_tip_without_scripts_leads_back_and_says_what_happened(as_bob: Client, bob: Any, post: Any) -> None:
    form = as_bob.get(tip_url(post), {"next": "/"}).content.decode()
    response = as_bob.post(tip_url(post), {"amount": "3.33", "key": key_in(form), "next": "/"}, follow=True)
    assert response.redirect_chain == [("/", 302)]
    assert "You tipped 3.33 coins. Alice gets 2.01 coins" in response.content.decode()
    assert available(bob) == Decimal("96.67")


def test_tip_in_place_answers_with_the_new_state_and_balance(as_bob: Client, bob: Any, post: Any) -> None:
    response = as_bob.post(tip_url(post), {"amount": "3,33", "key": uuid4()}, headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in page
    assert "You tipped 3.33 coins" in page
    assert 'value="3.33"' in page  # the post's total
    assert "Take back" in page
    assert 'id="balance" hx-swap-oob="true"' in page
    assert 'value="96.67"' in page


def test_a_double_click_or_reload_moves_coins_once(as_bob: Client, bob: Any, post: Any) -> None:
    sent = {"amount": "2", "key": str(uuid4())}
    answers = [as_bob.post(tip_url(post), sent, headers=HTMX) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert available(bob) == Decimal("98.00")
    assert Tip.objects.count() == 1


def test_each_drawn_form_has_a_key_of_its_own(as_bob: Client, post: Any) -> None:
    keys = {key_in(as_bob.get(tip_url(post)).content.decode()) for _ in range(3)}
    assert len(keys) == 3


def test_a_refused_tip_keeps_the_value_and_gets_a_new_key(as_bob: Client, bob: Any, post: Any) -> None:
    key = str(uuid4())
    response = as_bob.post(tip_url(post), {"amount": "12.00", "key": key})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="12.00"' in page
    assert "10.00" in page
    assert key_in(page) != key
    assert available(bob) == Decimal("100.00")


@pytest.mark.parametrize("amount", ["", "0", "-5", "1.5.2", "1e400", "NaN", "true", str(2**63), "５", "3.333", "[]"])
def test_bad_amounts_are_refused_on_the_form(as_bob: Client, bob: Any, post: Any, amount: str) -> None:
    response = as_bob.post(tip_url(post), {"amount": amount, "key": uuid4()})
    assert response.status_code == 422
    assert available(bob) == Decimal("100.00")
    assert not Tip.objects.exists()


def test_ones_own_post_cannot_be_tipped(client: Client, alice: Any, post: Any) -> None:
    client.force_login(alice)
    response = client.post(tip_url(post), {"amount": "2", "key": uuid4()})
    assert response.status_code == 422
    assert "yourself" in response.content.decode()
    assert f'hx-get="{tip_url(post)}"' not in client.get("/").content.decode()


def test_a_key_used_for_another_amount_is_refused(as_bob: Client, bob: Any, post: Any) -> None:
    key = str(uuid4())
    as_bob.post(tip_url(post), {"amount": "2", "key": key})
    assert as_bob.post(tip_url(post), {"amount": "3", "key": key}).status_code == 422
    assert available(bob) == Decimal("98.00")


def test_tip_a_comment(as_bob: Client, bob: Any, comment: Any) -> None:
    url = reverse("social:tip_comment", args=[comment.pk])
    assert "And this." in as_bob.get(url).content.decode()
    response = as_bob.post(url, {"amount": "5", "key": uuid4()})
    assert response.url == address_of_comment(comment.post_id, comment.pk)
    assert available(bob) == Decimal("95.00")


def test_visitors_are_led_to_sign_in(client: Client, post: Any) -> None:
    response = client.get(tip_url(post))
    assert response.status_code == 302
    assert response.url.startswith(reverse("accounts:signin"))


def test_a_tip_on_a_removed_post_is_a_404(as_bob: Client, bob: Any, post: Any, alice: Any) -> None:
    operations.remove_post(remover=alice, post_id=post.pk, at=timezone.now())
    assert as_bob.post(tip_url(post), {"amount": "2", "key": uuid4()}).status_code == 404
    assert available(bob) == Decimal("100.00")


# -- Taking back --------------------------------------------------------------------------------------------------


@pytest.fixture
def tip(bob: Any, post: Any) -> Tip:
    return operations.tip_post(
        spender=bob, post_id=post.pk, coins=Decimal("3.33"), channel=Transfer.Channel.WEB, at=timezone.now()
    )


def back_url(tip: Tip) -> str:
    return reverse("social:take_back", args=[tip.pk])


def test_take_back_in_place(as_bob: Client, bob: Any, tip: Tip) -> None:
    response = as_bob.post(back_url(tip), headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 200
    assert "3.33 coins are yours again." in page
    assert "Take back" not in page
    assert available(bob) == Decimal("100.00")


def test_take_back_without_scripts(as_bob: Client, bob: Any, tip: Tip) -> None:
    response = as_bob.post(back_url(tip), {"next": "/following/"}, follow=True)
    assert response.redirect_chain == [("/following/", 302)]
    assert "3.33 coins are yours again." in response.content.decode()
    assert available(bob) == Decimal("100.00")


def test_take_back_twice_says_that_it_is_done(as_bob: Client, bob: Any, tip: Tip) -> None:
    as_bob.post(back_url(tip))
    response = as_bob.post(back_url(tip))
    assert response.status_code == 409
    assert "already" in response.content.decode()
    assert available(bob) == Decimal("100.00")


def test_take_back_after_the_window_is_refused(as_bob: Client, bob: Any, post: Any) -> None:
    late = operations.tip_post(
        spender=bob,
        post_id=post.pk,
        coins=Decimal("2.00"),
        channel=Transfer.Channel.WEB,
        at=timezone.now() - timedelta(hours=24),
    )
    response = as_bob.post(back_url(late), headers=HTMX)
    assert response.status_code == 422
    assert "over" in response.content.decode()
    assert available(bob) == Decimal("98.00")


def test_a_tip_below_a_removed_post_can_be_taken_back_and_says_so(
    as_bob: Client, bob: Any, alice: Any, comment: Any
) -> None:
    tips = [
        operations.tip_comment(
            spender=bob, comment_id=comment.pk, coins=Decimal(2), channel=Transfer.Channel.WEB, at=timezone.now()
        )
        for _number in range(2)
    ]
    operations.remove_post(remover=alice, post_id=comment.post_id, at=timezone.now())
    page = as_bob.post(back_url(tips[0]), follow=True)
    assert page.redirect_chain == [("/", 302)]
    assert "2.00 coins are yours again." in page.content.decode()
    assert as_bob.post(back_url(tips[1]), headers=HTMX).headers["HX-Redirect"] == "/"
    assert available(bob) == Decimal("100.00")
    again = as_bob.post(back_url(tips[0]))
    assert again.status_code == 409
    assert "already" in again.content.decode()


def test_take_back_of_anothers_tip_is_a_404(client: Client, mallory: Any, bob: Any, tip: Tip) -> None:
    client.force_login(mallory)
    assert client.post(back_url(tip)).status_code == 404
    assert available(bob) == Decimal("96.67")


def test_take_back_is_for_posting_only(as_bob: Client, tip: Tip) -> None:
    assert as_bob.get(back_url(tip)).status_code == 405


def test_tip_and_take_back_need_the_csrf_token(bob: Any, post: Any, tip: Tip) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(bob)
    assert strict.post(tip_url(post), {"amount": "2"}).status_code == 403
    assert strict.post(back_url(tip)).status_code == 403
    assert available(bob) == Decimal("96.67")


def test_next_never_leads_elsewhere(as_bob: Client, post: Any) -> None:
    response = as_bob.post(tip_url(post), {"amount": "1", "key": uuid4(), "next": "https://elsewhere.example/"})
    assert response.url == reverse("social:read_post", args=[post.pk])
