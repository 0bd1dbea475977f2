"""Security in the settings: a second factor, another number, other sessions, and the staff's door."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from e2e.people import Person, code_for, fresh_number, make_staff, set_up_second_factor, sign_in
from e2e.product import Product


def test_a_second_factor_is_set_up_and_switched_off_with_a_recovery_code(ana: Person):
    page = ana.page
    page.goto("/settings/security/")
    page.get_by_role("link", name="Set up a second factor").click()
    expect(page.get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    _secret, codes = set_up_second_factor(page)
    assert len(set(codes)) == 10
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Save as a file").click()
    assert codes[0] in downloading.value.path().read_text()
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_role("main")).to_contain_text("10 codes left")

    page.get_by_role("link", name="Switch off").click()
    code = page.get_by_label("Code of your authenticator")
    code.fill("000000")
    page.get_by_role("button", name="Switch it off").click()
    expect(page.get_by_role("alert")).to_contain_text("does not count")
    code.fill(codes[0])
    page.get_by_role("button", name="Switch it off").click()
    expect(page.get_by_role("link", name="Set up a second factor")).to_be_visible()


def test_an_account_moves_to_another_number(ana: Person, open_browser: Callable[..., BrowserContext]):
    page, new = ana.page, fresh_number()
    page.goto("/settings/security/number/")
    page.get_by_label("New phone number").fill(new)
    page.get_by_role("button", name="Send both codes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Write both codes")
    old_code, new_code = code_for(ana.context.request, ana.number), code_for(ana.context.request, new)
    page.get_by_label("Code sent to your present number").fill(old_code)
    wrong = f"{(int(new_code) + 1) % 1_000_000:06}"
    page.get_by_label("Code sent to the new number").fill(wrong)
    page.get_by_role("button", name="Change the number").click()
    expect(page.get_by_role("main")).to_contain_text("has answered")
    page.get_by_label("Code sent to the new number").fill(new_code)
    page.get_by_role("button", name="Change the number").click()
    expect(page.get_by_role("main")).to_contain_text("Coins may leave your wallet again")

    other = open_browser()
    sign_in(other, new)
    assert other.request.get("/api/v1/me").json()["pages"][0]["username"] == ana.username


def test_another_browser_is_seen_and_ended(ana: Person, open_browser: Callable[..., BrowserContext]):
    other = open_browser(user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19 Safari/604")
    sign_in(other, ana.number)
    page = ana.page
    page.goto("/settings/security/sessions/")
    row = page.get_by_role("listitem").filter(has_text="Safari on iPhone")
    row.get_by_role("button", name="End").click()
    expect(page.get_by_text("That browser is signed out.")).to_be_visible()
    expect(page.get_by_text("Safari on iPhone")).to_have_count(0)
    assert other.request.get("/api/v1/me").status == 401
    assert ana.context.request.get("/api/v1/me").status == 200


def test_staff_give_a_second_factor_before_the_admin_opens(ana: Person, product: Product):
    make_staff(ana, product, role="MODERATOR")
    expect(ana.page.get_by_role("heading", level=1)).to_contain_text("What needs a person")
