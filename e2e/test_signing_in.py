"""Signing in beyond the number: a password, a link to a new one, a second factor, an account opened again."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import APIRequestContext, BrowserContext, Page, expect

from e2e.people import Person, code_for, set_up_second_factor, shown_by_authenticator

STRONG, OTHER = "nine ladders lean on walls", "seven quiet kettles sing"


def link_to(request: APIRequestContext, email: str, within: str) -> str:
    """The path of the newest link that an address was sent."""
    sent = request.get("/dev/outbox.json").json()
    body = next(message["body"] for message in sent if message["to"] == email and within in message["body"])
    found = re.search(rf"https?://\S+{within}\S+", body)
    assert found is not None
    return urlsplit(found[0]).path


def confirm_email(person: Person, email: str) -> None:
    page = person.page
    page.goto("/settings/security/email/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("main")).to_contain_text(email)
    page.goto(link_to(person.context.request, email, "/settings/security/email/"))
    page.get_by_role("button", name="Yes, confirm it").click()
    expect(page.get_by_text(f"{email} is confirmed.")).to_be_visible()


def set_password(page: Page, password: str) -> None:
    page.goto("/settings/security/password/")
    page.get_by_label("New password").fill(password)
    page.get_by_role("button", name="Set it").click()
    expect(page.get_by_text("The password is set.")).to_be_visible()


def by_password(page: Page, email: str, password: str) -> None:
    page.goto("/signin/?next=/wallet/")
    page.get_by_role("link", name="Use e-mail and password instead").click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def by_number(page: Page, number: str) -> None:
    page.goto("/signin/?next=/wallet/")
    page.get_by_label("Phone number").fill(number)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(code_for(page.request, number))
    page.get_by_role("button", name="Sign in").click()


def test_a_password_opens_the_account_and_a_link_replaces_it(ana: Person, open_browser: Callable[..., BrowserContext]):
    email = f"{ana.username}@example.org"
    confirm_email(ana, email)
    set_password(ana.page, STRONG)

    page = open_browser().new_page()
    by_password(page, email, OTHER)
    expect(page.get_by_role("alert")).to_contain_text("do not fit")
    expect(page.get_by_label("E-mail address")).to_have_value(email)

    page.get_by_role("link", name="Forgotten your password?").click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mailbox")
    page.wait_for_timeout(1_000)
    for _second in range(20):  # a worker looks whether anybody has the address
        if any("/signin/reset/" in message["body"] for message in page.request.get("/dev/outbox.json").json()):
            break
        page.wait_for_timeout(1_000)
    page.goto(link_to(page.request, email, "/signin/reset/"))
    page.get_by_label("New password").fill("password123")
    page.get_by_role("button", name="Set it").click()
    expect(page.get_by_role("alert")).to_contain_text("tried first")
    page.get_by_label("New password").fill(OTHER)
    page.get_by_role("button", name="Set it").click()
    expect(page.get_by_text("The new password is set. Sign in with it.")).to_be_visible()

    by_password(page, email, OTHER)
    expect(page).to_have_url(re.compile("/wallet/$"))
    assert ana.context.request.get("/api/v1/me").status == 401


def test_a_second_factor_is_asked_for_after_the_code_and_a_recovery_code_stands_in(
    ana: Person, open_browser: Callable[..., BrowserContext]
):
    ana.page.goto("/settings/security/second-factor/")
    secret, codes = set_up_second_factor(ana.page)

    page = open_browser().new_page()
    by_number(page, ana.number)
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step")
    assert page.request.get("/api/v1/me").status == 401
    page.get_by_label("Code of your authenticator").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").first).to_contain_text("Attempts left: 4")
    page.get_by_label("Code of your authenticator").fill(shown_by_authenticator(secret, steps=1))
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/wallet/$"))
    page.get_by_label(f"Account of {ana.name}").click()
    page.get_by_role("button", name="Sign out").click()

    by_number(page, ana.number)
    page.get_by_label("Code of your authenticator").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/wallet/$"))


def test_who_closed_their_account_is_asked_and_has_it_back(ana: Person):
    path, page = ana.writes("I will be back."), ana.page
    page.goto("/settings/data/")
    page.get_by_role("link", name="Close my account").click()
    page.get_by_label(re.compile("I know that everything")).check()
    page.get_by_role("button", name="Close my account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account is closed")
    assert page.request.get(path).status == 404

    by_number(page, ana.number)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account is closed")
    page.get_by_role("button", name="Open my account again").click()
    expect(page).to_have_url(re.compile("/wallet/$"))
    assert page.request.get(path).status == 200
    assert ana.available == "100.00"
