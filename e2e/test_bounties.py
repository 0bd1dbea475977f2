"""Bounties: promised from the composer, paid for the chosen answer, with and without scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.access import findings
from e2e.people import Person


def answers(person: Person, post: str, words: str) -> None:
    page = person.page
    page.goto(post)
    form = page.locator("#comment-form")
    form.get_by_role("textbox").fill(words)
    form.get_by_role("button", name="Comment").click()
    expect(page.locator(".comment", has_text=words)).to_be_visible()


def promises(page: Page, words: str, coins: str) -> str:
    """Write a post with a bounty on the page for writing; its path."""
    page.goto("/write/")
    page.get_by_label("What do you want to say?").fill(words)
    page.get_by_text("Bounty", exact=True).click()
    page.get_by_label("Coins for the best answer").fill(coins)
    page.get_by_label("You choose within").select_option("3 days")
    page.get_by_role("button", name="Post").click()
    expect(page.locator("#notices")).to_contain_text("Your post is out.")
    return re.search(r"/p/[0-9a-f-]+/", page.url)[0]


def test_the_best_answer_gets_the_bounty(ana: Person, bo: Person):
    page = ana.page
    page.goto("/")
    composer = page.locator("#composer")
    words = f"How long does sourdough rest? {ana.username}"
    composer.get_by_label("What do you want to say?").fill(words)
    composer.get_by_text("Bounty", exact=True).click()
    composer.get_by_label("Coins for the best answer").fill("500")
    composer.get_by_role("button", name="Post").click()
    expect(composer.get_by_role("alert")).to_contain_text("This takes 500.00 coins and you can spend 100.00.")
    composer.get_by_label("Coins for the best answer").fill("25")
    composer.get_by_role("button", name="Post").click()
    card = page.locator("article.post", has_text=words)
    expect(card.locator(".bounty")).to_contain_text(re.compile(r"25\.00.*for the best answer.*6 d 23 h", re.S))
    expect(page.locator("#balance")).to_contain_text("75.00")
    post = card.locator(".post-when").get_attribute("href")

    answers(bo, post, "Until it has doubled.")
    expect(bo.page.get_by_text("Choose this answer")).to_have_count(0)

    page.goto(post)
    comment = page.locator(".comment", has_text="Until it has doubled.")
    comment.get_by_label("More about this comment").click()
    comment.get_by_role("link", name="Choose this answer").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(re.compile(r"Bo gets\s+25\.00.*at once. This cannot be undone", re.S))
    assert findings(page) == []
    dialog.get_by_role("button", name="Choose it").dblclick(no_wait_after=True)
    expect(page.locator("#notices")).to_contain_text("Bo gets 25.00 coins for the best answer.")
    expect(comment.locator(".badge", has_text="best answer: 25.00 coins")).to_be_visible()
    expect(page.locator(".bounty")).to_contain_text("went to the best answer")
    assert (ana.available, bo.available) == ("75.00", "125.00")
    assert findings(page) == []

    bo.page.goto("/notifications/")
    expect(bo.page.get_by_text("chose your answer: 25.00 are yours")).to_be_visible()


def test_a_removed_post_brings_it_back(ana: Person):
    page = ana.page
    post = promises(page, f"Never mind. {ana.username}", "10")
    assert ana.available == "90.00"
    page.goto(f"{post}remove/")
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("#notices")).to_contain_text("The post is removed.")
    assert ana.available == "100.00"


@pytest.fixture
def plain(join: Callable[..., Person]) -> Person:
    return join("Cleo", java_script_enabled=False)


def test_without_scripts(plain: Person, bo: Person):
    page = plain.page
    post = promises(page, f"Which flour? {plain.username}", "12.50")
    assert plain.available == "87.50"
    answers(bo, post, "Rye, coarsely ground.")
    page.goto(post)
    comment = page.locator(".comment", has_text="Rye, coarsely ground.")
    comment.get_by_label("More about this comment").click()
    comment.get_by_role("link", name="Choose this answer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose this answer?")
    page.get_by_role("button", name="Choose it").click()
    expect(page).to_have_url(re.compile(re.escape(f"{post}?comment=")))
    expect(page.locator("#notices")).to_contain_text("Bo gets 12.50 coins for the best answer.")
    expect(page.locator(".comment .badge", has_text="best answer: 12.50 coins")).to_be_visible()
    assert bo.available == "112.50"
