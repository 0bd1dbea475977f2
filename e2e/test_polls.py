"""Polls: asked from the composer, voted in by keyboard, with and without scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.access import findings
from e2e.people import Person, _send


def asks(person: Person, words: str, *answers: str) -> str:
    """A post with a poll of theirs; its path."""
    shown = person.context.request.get("/write/")
    form = {"content": f"{words} {person.username}", "poll-minutes": "1440"}
    form |= {f"poll-answer_{number}": answer for number, answer in enumerate(answers, start=1)}
    landed = _send(person.context, shown, "/write/", form)
    return re.search(r"/p/[0-9a-f-]+/", landed.url)[0]


def poll_of(page: Page) -> Locator:
    return page.get_by_role("group", name="Poll")


def test_a_poll_is_asked_and_answered_in_place(ana: Person, bo: Person):
    page = ana.page
    page.goto("/")
    composer = page.locator("#composer")
    words = f"Which tea for the winter? {ana.username}"
    composer.get_by_label("What do you want to say?").fill(words)
    composer.get_by_text("Poll", exact=True).click()
    composer.get_by_label("Answer 1").fill("Green tea")
    composer.get_by_role("button", name="Post").click()
    expect(composer.get_by_role("alert")).to_contain_text("A poll has at least two answers.")
    expect(composer.get_by_label("Answer 1")).to_have_value("Green tea")
    composer.get_by_label("Answer 2").fill("Assam")
    composer.get_by_text("More answers").click()
    composer.get_by_label("Answer 3").fill("Mint")
    composer.get_by_role("button", name="Post").click()
    card = page.locator("article.post", has_text=words)
    expect(card.get_by_role("listitem")).to_have_text(["Green tea", "Assam", "Mint"])

    page = bo.page
    page.goto("/")
    card = page.locator("article.post", has_text=words)
    card.get_by_role("link", name="Vote").click()
    poll = poll_of(card)
    expect(poll.get_by_role("radio")).to_have_count(3)
    expect(page).to_have_url(re.compile("/$"))  # in place
    poll.get_by_role("radio", name="Green tea").focus()
    page.keyboard.press("ArrowDown")
    expect(poll.get_by_role("radio", name="Assam")).to_be_checked()
    page.keyboard.press("Enter")
    expect(poll.get_by_role("status")).to_contain_text("Your vote is in.")
    expect(poll.locator(".poll-own")).to_contain_text(re.compile(r"Assam.*100%.*1 vote", re.S))

    poll.get_by_text("Change your vote").click()
    poll.get_by_role("radio", name="Mint").check()
    poll.get_by_role("button", name="Vote").click()
    expect(poll.locator(".poll-own")).to_contain_text(re.compile(r"Mint.*100%", re.S))
    expect(poll).to_contain_text("1 vote")
    assert findings(page) == []


def test_a_double_click_votes_once(ana: Person, bo: Person):
    page = bo.page
    page.goto(asks(ana, "Red or blue?", "Red", "Blue"))
    poll_of(page).get_by_role("radio", name="Blue").check()
    poll_of(page).get_by_role("button", name="Vote").dblclick(no_wait_after=True)
    expect(poll_of(page).locator(".poll-own")).to_contain_text("1 vote")
    page.reload()
    expect(poll_of(page).locator(".poll-foot")).to_contain_text("1 vote")


def test_visitors_are_asked_in(ana: Person, open_browser: Callable):
    page = open_browser().new_page()
    post = asks(ana, "Left or right?", "Left", "Right")
    page.goto(post)
    expect(poll_of(page).get_by_role("listitem")).to_have_text(["Left", "Right"])
    expect(poll_of(page).get_by_role("radio")).to_have_count(0)
    poll_of(page).get_by_role("link", name="Sign in to vote").click()
    expect(page).to_have_url(re.compile(f"/signin/.*{post}"))


@pytest.fixture
def plain(join: Callable[..., Person]) -> Person:
    return join("Cleo", java_script_enabled=False)


def test_without_scripts(plain: Person, ana: Person):
    page = plain.page
    page.goto("/write/")
    words = f"Which bread? {plain.username}"
    page.get_by_label("What do you want to say?").fill(words)
    page.get_by_text("Poll", exact=True).click()
    page.get_by_label("Answer 1").fill("Rye")
    page.get_by_label("Answer 2").fill("Wheat")
    page.get_by_label("Ends after").select_option("1 hour")
    page.get_by_role("button", name="Post").click()
    expect(page.locator("#notices")).to_contain_text("Your post is out.")
    poll_of(page).get_by_role("radio", name="Rye").check()
    poll_of(page).get_by_role("button", name="Vote").click()
    expect(page.locator("#notices")).to_contain_text("Your vote is in.")
    expect(poll_of(page).locator(".poll-own")).to_contain_text(re.compile(r"Rye.*1 vote", re.S))

    post = asks(ana, "Which oven?", "Gas", "Wood")
    page.goto("/")
    page.locator(f"article.post:has(a[href='{post}'])").first.get_by_role("link", name="Vote").click()
    expect(page).to_have_url(re.compile(f"{post}#poll-"))
    poll_of(page).get_by_role("button", name="Vote").click()  # without a choice the browser itself asks for one
    expect(poll_of(page).locator(".poll-own")).to_have_count(0)
