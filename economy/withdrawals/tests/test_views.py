"""The pages about withdrawals, as a member uses them."""

import re
from decimal import Decimal as D

import pytest
from django.test import Client
from django.urls import reverse

from accounts.members.models import User
from accounts.wallets.models import WalletAddress
from config.lib.limits import forget_all
from economy.withdrawals import operations, queries
from economy.withdrawals.models import WithdrawalRequest
from economy.withdrawals.tests.conftest import BANK, IBAN, NOON, ask, figures_of

pytestmark = pytest.mark.django_db

ASK = "/wallet/withdrawals/ask/"
FORM = {"amount": "500.00", "holder": "Alice Example", "iban": "DE89 3704 0044 0532 0130 00", "key": "one"}


@pytest.fixture
def page(rich):
    client = Client()
    client.force_login(rich)
    return client


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def hidden(answer):
    """The fields of the form that is shown, as a browser would send them."""
    found = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', answer.content.decode())
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def test_fee_and_net_are_shown_before_anything_is_asked(page, rich):
    shown = page.post(ASK, FORM)
    assert shown.status_code == 200
    for words in ("500.00", "35.00", "465.00", "7%", "You can spend", "1,500.00", IBAN):
        assert words in text(shown), words
    assert WithdrawalRequest.objects.count() == 0


def test_the_second_press_asks(page, rich):
    sent = {**hidden(page.post(ASK, FORM)), "confirmed": "yes"}
    answer = page.post(ASK, sent, follow=True)
    assert answer.redirect_chain == [("/wallet/withdrawals/", 302)]
    assert "465.00 are paid out to you" in text(answer)
    made = WithdrawalRequest.objects.get()
    assert (made.amount, made.details_given) == (D("500.00"), BANK)


def test_a_double_click_asks_once(page, rich):
    sent = {**hidden(page.post(ASK, FORM)), "confirmed": "yes"}
    for _press in range(3):
        assert page.post(ASK, sent).status_code == 302
    assert WithdrawalRequest.objects.count() == 1
    assert figures_of(rich)[1] == D("500.00")


def test_changing_something_brings_the_form_back_as_it_was(page):
    shown = page.post(ASK, {**hidden(page.post(ASK, FORM)), "change": "yes"})
    assert shown.status_code == 200
    assert 'value="DE89 3704 0044 0532 0130 00"' in shown.content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amount": "499.99"}, "500.00 coins or more"),
        ({"amount": "2000.01"}, "you can spend 2000.00"),
        ({"amount": "0"}, "500.00 coins or more"),
        ({"amount": "-5"}, "Write the amount in digits"),
        ({"amount": "1e400"}, "Write the amount in digits"),
        ({"amount": "NaN"}, "Write the amount in digits"),
        ({"amount": "٥٠٠"}, "Write the amount in digits"),
        ({"amount": "500.001"}, "Write the amount in digits"),
        ({"amount": ""}, "required"),
        ({"iban": "DE00"}, "This IBAN cannot be right"),
        ({"iban": "\x00"}, "Null characters"),
        ({"iban": "9" * 10_000}, "at most 60"),
        ({"holder": "x"}, "2 to 70 characters"),
        ({"bic": "12"}, "8 or 11"),
        ({"key": ""}, "required"),
    ],
)
def test_what_cannot_be_is_said_on_the_form_and_nothing_is_lost(change, words, page):
    answer = page.post(ASK, {**FORM, **change})
    assert answer.status_code == 422
    assert words in text(answer)
    assert WithdrawalRequest.objects.count() == 0


def test_a_fee_that_rose_meanwhile_is_shown_first(page, rich):
    sent = {**hidden(page.post(ASK, FORM)), "confirmed": "yes"}
    rich.wallet.__class__.objects.filter(user=rich).update(withdrawal_fee=D("0.10"))
    answer = page.post(ASK, sent)
    assert answer.status_code == 409
    assert "The fee is 50.00 coins by now" in text(answer)
    assert WithdrawalRequest.objects.count() == 0


def test_by_paypal_and_by_gift_card(page):
    for method, given in (
        ("PAYPAL", {"email": "alice@example.org"}),
        ("GIFT_CARD", {"email": "alice@example.org", "card": "STEAM"}),
    ):
        where = f"{ASK}?method={method}"
        sent = {**hidden(page.post(where, {"amount": "500", "key": method, **given})), "confirmed": "yes"}
        assert page.post(where, sent).status_code == 302
        assert WithdrawalRequest.objects.get(method=method).details_given == given


def test_to_a_proved_address_or_to_another(page, rich):
    proved = WalletAddress.objects.create(
        user=rich, address="0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", network="base", is_verified=True
    )
    where = f"{ASK}?method=CRYPTO"
    assert "0x5aAe…eAed" in text(page.get(where))
    sent = {**hidden(page.post(where, {"amount": "500", "key": "a", "proved": str(proved.pk)})), "confirmed": "yes"}
    assert page.post(where, sent).status_code == 302
    given = {"amount": "500", "key": "b", "proved": "", "network": "bitcoin"}
    given["address"] = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"
    sent = {**hidden(page.post(where, given)), "confirmed": "yes"}
    assert page.post(where, sent).status_code == 302
    details = [one.details_given for one in WithdrawalRequest.objects.order_by("id")]
    assert details == [
        {"network": "base", "address": proved.address},
        {"network": "bitcoin", "address": "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"},
    ]
    assert page.post(where, {**given, "address": "0x12"}).status_code == 422


def test_mallorys_address_cannot_be_chosen_by_its_id(page, mallory):
    hers = WalletAddress.objects.create(
        user=mallory, address="0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", network="base", is_verified=True
    )
    answer = page.post(f"{ASK}?method=CRYPTO", {"amount": "500", "key": "a", "proved": str(hers.pk)})
    assert answer.status_code == 422


def test_an_unknown_method_shows_the_bank(page):
    assert "IBAN" in text(page.get(f"{ASK}?method=BARTER"))


def test_the_list_shows_states_and_lets_what_waits_be_cancelled(page, rich):
    made = ask(rich)
    shown = page.get(reverse("economy:withdrawals"))
    assert "waiting for staff" in text(shown)
    assert "DE89…3000" in text(shown)
    assert IBAN not in text(shown)
    where = reverse("economy:cancel_withdrawal", args=[made.pk])
    assert "500.00 coins" in text(page.get(where))
    assert figures_of(rich)[1] == D("500.00")
    answer = page.post(where, follow=True)
    assert "500.00 coins are free again" in text(answer)
    assert "This withdrawal is cancelled" in text(page.post(where, follow=True))
    assert figures_of(rich)[1] == D("0.00")


def test_an_empty_list_says_what_to_do_next(page):
    assert "No withdrawal yet" in text(page.get("/wallet/withdrawals/"))


def test_one_request_is_shown_in_full_to_its_member(page, rich):
    assert IBAN in text(page.get(reverse("economy:withdrawal", args=[ask(rich).pk])))


def test_mallory_sees_and_cancels_none_of_it(rich, mallory):
    made = ask(rich)
    stranger = Client()
    stranger.force_login(mallory)
    assert IBAN[-4:] not in text(stranger.get("/wallet/withdrawals/"))
    for name in ("withdrawal", "cancel_withdrawal"):
        assert stranger.get(reverse(f"economy:{name}", args=[made.pk])).status_code == 404
    assert stranger.post(reverse("economy:cancel_withdrawal", args=[made.pk])).status_code == 404
    assert figures_of(rich)[1] == D("500.00")


@pytest.mark.parametrize("where", ["/wallet/withdrawals/", ASK, "/wallet/vault/"])
def test_visitors_sign_in_first_and_nothing_is_kept_by_caches(where, page):
    assert Client().get(where).status_code == 302
    assert "no-store" in page.get(where)["Cache-Control"]


def test_without_the_token_of_the_form_nothing_is_asked(rich):
    client = Client(enforce_csrf_checks=True)
    client.force_login(rich)
    assert client.post(ASK, {**FORM, "confirmed": "yes"}).status_code == 403
    assert WithdrawalRequest.objects.count() == 0


def test_the_fourth_of_a_day_is_told_when_to_come_back(page, rich):
    for number in range(3):
        ask(rich, key=str(number))
    answer = page.post(ASK, {**FORM, "confirmed": "yes", "fee_seen": "35.00"})
    assert answer.status_code == 429
    assert "You have asked for 3 withdrawals" in text(answer)
    forget_all()


def test_the_suspended_are_told_on_a_page(page, rich):
    User.objects.filter(pk=rich.pk).update(status=User.Status.SUSPENDED)
    assert page.get("/wallet/withdrawals/").status_code == 200
    assert page.post(ASK, FORM).status_code == 403


def test_the_statement_leads_from_a_paid_one_to_its_request(page, rich, admin_member):
    made = ask(rich)
    operations.approve(staff=admin_member, request_id=made.pk, reason="Seen", at=NOON)
    operations.mark_paid(staff=admin_member, request_id=made.pk, reference="R1", at=NOON)
    where = reverse("economy:withdrawal", args=[made.pk])
    assert f'href="{where}"' in page.get("/wallet/").content.decode()
    assert queries.causes([made.pk]) == {made.pk: ("the request", where)}


def test_the_wallet_shows_tier_and_vault(page):
    shown = text(page.get("/wallet/"))
    assert "Loyalty tier" in shown
    assert "of 22 active days" in shown
    assert "A withdrawal costs you 7%" in shown
    assert "Vault" in shown
