from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.wallets.models import AddressChallenge, WalletAddress
from accounts.wallets.tests.conftest import key, signed

pytestmark = pytest.mark.django_db
A, B = key(1), key(2)
LIST = "/settings/addresses/"


@pytest.fixture
def browser(client, alice):
    client.force_login(alice)
    return client


def ask(browser, by=A):
    landed = browser.post(LIST, {"address": by.address, "network": "ethereum"})
    assert landed.status_code == 302
    return landed["Location"], AddressChallenge.objects.latest("created_at")


def test_the_list_says_what_to_do_when_it_is_empty(browser):
    shown = browser.get(LIST)
    assert (shown.status_code, shown.templates[0].name) == (200, "accounts/wallets/my_addresses.html")
    assert b"No address yet" in shown.content


def test_prove_address_by_copy_and_paste(browser):
    path, challenge = ask(browser)
    shown = browser.get(path).content.decode()
    assert challenge.words.splitlines()[3].replace("'", "&#x27;") in shown
    assert f"With the key of {A.address[:6]}…{A.address[-4:]} on Ethereum" in shown
    landed = browser.post(path, {"signature": signed(A, challenge.words)}, follow=True)
    assert (landed.status_code, landed.redirect_chain[-1][0]) == (200, LIST)
    assert A.address in landed.content.decode()
    assert WalletAddress.objects.get().address == A.address


def test_a_wrong_signature_leads_back_with_the_address_kept(browser):
    path, challenge = ask(browser)
    answer = browser.post(path, {"signature": signed(B, challenge.words)})
    page = answer.content.decode()
    assert (answer.status_code, A.address in page, "This is not the signature" in page) == (422, True, True)


def test_half_a_signature_stays_on_the_form(browser):
    path, challenge = ask(browser)
    for typed in ("0x12", "", "\x00", "x" * 1001):
        answer = browser.post(path, {"signature": typed})
        assert (answer.status_code, challenge.address in answer.content.decode()) == (422, True)
    assert browser.post(path, {"signature": signed(A, challenge.words)}).status_code == 302


def test_a_used_text_leads_back_to_the_list(browser):
    path, challenge = ask(browser)
    browser.post(path, {"signature": signed(A, challenge.words)})
    assert browser.get(path)["Location"] == LIST
    again = browser.post(path, {"signature": signed(A, challenge.words)})
    assert (again.status_code, WalletAddress.objects.count()) == (422, 1)


def test_bad_addresses_keep_what_was_typed(browser):
    for form in ({"address": "0x12", "network": "ethereum"}, {"address": A.address, "network": "nowhere"}, {}):
        answer = browser.post(LIST, form)
        assert (answer.status_code, form.get("address", "") in answer.content.decode()) == (422, True)


def test_make_primary_address_and_remove_address(browser):
    for by in (A, B):
        path, challenge = ask(browser, by)
        browser.post(path, {"signature": signed(by, challenge.words)})
    second = WalletAddress.objects.get(address=B.address)
    assert browser.get(reverse("accounts:make_primary_address", args=[second.pk])).status_code == 405
    assert browser.post(reverse("accounts:make_primary_address", args=[second.pk])).status_code == 302
    remove = reverse("accounts:remove_address", args=[second.pk])
    assert "Remove 0x" in browser.get(remove).content.decode()
    assert WalletAddress.objects.count() == 2
    browser.post(remove)
    assert WalletAddress.objects.get(is_primary=True).address == A.address
    assert browser.post(remove).status_code == 404  # pressed twice


def test_what_is_another_s_is_not_there(browser, client, mallory):
    path, challenge = ask(browser, B)
    address = WalletAddress.objects.create(user=challenge.user, address=A.address, network="base", is_verified=True)
    client.force_login(mallory)
    assert client.get(path).status_code == 404
    assert client.post(path, {"signature": signed(B, challenge.words)}).status_code == 404
    for name in ("make_primary_address", "remove_address"):
        assert client.post(reverse(f"accounts:{name}", args=[address.pk])).status_code == 404
        assert client.post(reverse(f"accounts:{name}", args=[uuid4()])).status_code == 404


def test_visitors_are_asked_to_sign_in(client):
    assert client.get(LIST)["Location"].startswith("/signin/")
