"""Invitations: a link made, followed by a friend, seen by who made it, and taken back."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from e2e.people import Person, code_for, fresh_number


def make_link(page: Page, *, gift: str = "", note: str = "") -> str:
    page.goto("/settings/invitations/")
    page.get_by_label("How many people can join by it").fill("2")
    page.get_by_label("Gift for each of them").fill(gift)
    page.get_by_label("Note to yourself").fill(note)
    page.get_by_role("button", name="Make the link").click()
    return page.get_by_role("textbox", name="Link", exact=True).first.input_value()


def test_a_friend_joins_by_a_link_and_finds_the_gift(ana: Person, open_browser: Callable[..., BrowserContext]):
    link = make_link(ana.page, gift="7.50", note="Choir")
    number, name = fresh_number(), f"guest_of_{ana.username}"[:30]

    page = open_browser().new_page()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ana invites you")
    expect(page.get_by_role("main")).to_contain_text("7.50")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("main")).to_contain_text("You come by an invitation of Ana.")
    page.get_by_label("Phone number").fill(number)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(code_for(page.request, number))
    page.get_by_text("New here? Pick a name").click()
    page.get_by_label("Username").fill(name)
    page.get_by_label("Name shown").fill("Dara")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#balance")).to_contain_text("107.50")

    ana.page.goto("/settings/invitations/")
    choir = ana.page.locator(".invitation", has_text="Choir")
    expect(choir).to_contain_text("1 use left")
    choir.get_by_role("link", name=f"@{name}").click()
    expect(ana.page).to_have_url(re.compile(f"/@{name}/$"))
    assert ana.available == "92.50"


def test_a_link_that_was_taken_back_says_so(ana: Person, visitor: Page):
    link = make_link(ana.page, note="For nobody")
    ana.page.get_by_role("button", name="Take back").click()
    expect(ana.page.locator(".invitation", has_text="For nobody")).to_contain_text("taken back")

    visitor.goto(link)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("This invitation is no longer good")
    visitor.get_by_role("link", name="Join without it").click()
    expect(visitor.get_by_label("Phone number")).to_be_visible()
