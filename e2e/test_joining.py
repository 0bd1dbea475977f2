"""Joining by phone, as the first minute of everyone here goes."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from e2e.people import Person, code_for, fresh_number


def ask_for_code(page: Page, number: str) -> str:
    page.get_by_label("Phone number").fill(number)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Write your code")
    return code_for(page.request, number)


def test_a_stranger_joins_with_a_code_and_gets_a_page_a_wallet_and_coins(visitor: Page):
    number = fresh_number()
    visitor.goto("/")
    visitor.get_by_role("link", name="Join or sign in").first.click()

    code = ask_for_code(visitor, number)
    visitor.locator("summary", has_text="New here?").click()
    visitor.get_by_label("Username").fill("zora_the_first")
    visitor.get_by_label("Name shown").fill("Zora")
    visitor.get_by_label("Code").fill(code)
    visitor.get_by_role("button", name="Sign in").click()

    expect(visitor).to_have_url(re.compile(r"/$"))
    expect(visitor.locator("#balance")).to_contain_text("100.00")
    visitor.goto("/@zora_the_first/")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Zora")


def test_a_wrong_code_says_so_and_the_right_one_still_works(visitor: Page):
    visitor.goto("/signin/")
    code = ask_for_code(visitor, fresh_number())
    wrong = f"{(int(code) + 1) % 1_000_000:06}"

    visitor.get_by_label("Code").fill(wrong)
    visitor.get_by_role("button", name="Sign in").click()

    refusal = visitor.get_by_role("alert")
    expect(refusal).to_be_visible()
    expect(refusal).to_be_focused()
    expect(refusal).to_contain_text("not the code")
    expect(refusal).to_contain_text("Attempts left: 2")
    visitor.get_by_label("Code").fill(code)
    visitor.get_by_role("button", name="Sign in").click()
    expect(visitor.locator("#balance")).to_be_visible()


def test_what_is_no_number_is_refused_in_words(visitor: Page):
    visitor.goto("/signin/")
    visitor.get_by_label("Phone number").fill("12")
    visitor.get_by_role("button", name="Send me a code").click()

    expect(visitor.get_by_role("alert")).to_contain_text("This is not a phone number")
    expect(visitor.get_by_label("Phone number")).to_have_value("12")


def test_a_visitor_on_a_members_page_signs_in_and_lands_there(visitor: Page):
    visitor.goto("/wallet/gift/")
    expect(visitor).to_have_url(re.compile(r"/signin/\?next="))

    code = ask_for_code(visitor, fresh_number())
    visitor.get_by_label("Code").fill(code)
    visitor.get_by_role("button", name="Sign in").click()

    expect(visitor).to_have_url(re.compile(r"/wallet/gift/$"))


def test_signing_out_ends_the_session(ana: Person, visitor: Any):
    ana.page.goto("/")
    ana.page.get_by_label(f"Account of {ana.name}").click()
    ana.page.get_by_role("button", name="Sign out").click()

    expect(ana.page.get_by_role("link", name="Join or sign in").first).to_be_visible()
    ana.page.goto("/wallet/")
    expect(ana.page).to_have_url(re.compile(r"/signin/"))
    # The back button shows nothing of what was there.
    ana.page.go_back()
    expect(ana.page.locator("#balance")).to_have_count(0)
