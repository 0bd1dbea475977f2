"""Threads that fold, sort and are led to; tips by tap, slider and key; posts that several share in."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.people import Person


@pytest.fixture
def plain(join: Callable[..., Person]) -> Person:
    """A member whose browser runs no scripts."""
    return join("Cy", java_script_enabled=False)


@pytest.fixture
def post(ana: Person) -> str:
    return ana.writes(f"Which bread keeps longest? {ana.username}", "On bread")


def says(page: Page, words: str) -> None:
    form = page.locator("#comment-form")
    form.get_by_role("textbox").fill(words)
    form.get_by_role("button", name="Comment").click()
    expect(page.locator(".comment", has_text=words)).to_be_visible()


def answers(page: Page, name: str, words: str) -> None:
    page.get_by_role("link", name=f"Reply to {name}").first.click()
    form = page.get_by_role("form", name=f"Answer to {name}")
    form.get_by_role("textbox").fill(words)
    form.get_by_role("button", name="Answer").click()
    expect(page.locator(".comment .comment", has_text=words)).to_be_visible()


def test_answers_fold_by_keyboard(ana: Person, bo: Person, post: str):
    bo.page.goto(post)
    says(bo.page, "Rye, always.")
    answers(bo.page, "Bo", "In a cloth.")
    summary = bo.page.locator(".answers > summary")
    expect(summary).to_have_text("1 answer")
    summary.focus()
    bo.page.keyboard.press("Enter")
    expect(bo.page.get_by_text("In a cloth.")).to_be_hidden()
    bo.page.keyboard.press("Enter")
    expect(bo.page.get_by_text("In a cloth.")).to_be_visible()


def test_threads_are_sorted_in_place_and_without_scripts(bo: Person, plain: Person, post: str):
    bo.page.goto(post)
    says(bo.page, "The first one.")
    says(bo.page, "The second one.")
    for page in (bo.page, plain.page):
        page.goto(post)
        sorts = page.get_by_role("navigation", name="Order of the comments")
        for name, first in (("Oldest", "The first one."), ("Newest", "The second one.")):
            sorts.get_by_role("link", name=name).click()
            expect(sorts.locator("[aria-current]")).to_have_text(name)
            expect(page.locator(".comment").first).to_contain_text(first)


def test_a_link_leads_to_a_comment(bo: Person, visitor: Page, post: str):
    bo.page.goto(post)
    says(bo.page, "To be found.")
    comment = bo.page.locator(".comment", has_text="To be found.")
    comment.get_by_label("More about this comment").click()
    comment.get_by_role("link", name="Link to this comment").click()
    visitor.goto(bo.page.url)
    expect(visitor.locator(".comment:target")).to_contain_text("To be found.")


def test_a_tip_by_keys_alone(bo: Person, post: str):
    page = bo.page
    page.goto(post)
    page.locator("article.post .tips").get_by_role("link", name=re.compile("^Tip")).focus()
    page.keyboard.press("Enter")
    form = page.get_by_role("form", name=re.compile("^Tip "))
    expect(form.locator(".tip-taps")).to_be_focused()
    expect(page.locator(".htmx-added")).to_have_count(0)  # what it listens to is in place a moment later
    page.keyboard.press("7")
    expect(form.locator("[name=amount]")).to_have_value("7")
    expect(form.locator("[aria-current]")).to_have_text(re.compile("^7"))
    expect(form.locator(".preview")).to_contain_text(re.compile(r"You keep\s+93\.00"))
    form.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    expect(form.locator("[name=amount]")).to_have_value("6")
    expect(form.locator(".preview")).to_contain_text(re.compile(r"You keep\s+94\.00"))
    form.get_by_role("button", name="Give this tip").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tips").get_by_role("status").first).to_contain_text("You tipped 6.00 coins")
    back = page.get_by_role("button", name="Take back")
    back.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#balance")).to_contain_text("100.00")
    assert bo.available == "100.00"


def test_a_tap_chooses_and_the_usual_tip_comes_first(bo: Person, post: str):
    page = bo.page
    page.goto("/settings/tips/")
    page.get_by_label("Amount in coins").fill("3")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#notices")).to_contain_text("Your usual tip is saved.")
    page.goto(post)
    page.locator("article.post .tips").get_by_role("link", name=re.compile("^Tip")).click()
    form = page.get_by_role("form", name=re.compile("^Tip "))
    expect(form.locator("[name=amount]")).to_have_value(re.compile(r"^3(\.00)?$"))
    form.locator("[data-coins='5']").click()
    form.get_by_role("button", name="Give this tip").click()
    expect(page.locator(".tips").get_by_role("status").first).to_contain_text("You tipped 5.00 coins")
    page.locator(".tips-who").first.click()
    expect(page.get_by_role("heading", name="Who tipped it")).to_be_visible()
    expect(page.locator("#tippers")).to_contain_text("5.00")


def test_a_tap_is_a_link_without_scripts(plain: Person, post: str):
    plain.page.goto(f"{post}tip/")
    plain.page.locator("[data-coins='5']").click()
    expect(plain.page.locator("[name=amount]")).to_have_value(re.compile(r"^5"))
    expect(plain.page.locator(".preview")).to_contain_text(re.compile(r"You keep\s+95\.00"))


def test_a_post_of_two_is_shared_as_was_agreed(ana: Person, bo: Person):
    page = ana.page
    page.goto("/write/")
    page.get_by_label("What do you want to say?").fill(f"Written by two. {ana.username}")
    page.locator("summary", has_text="Co-authors").click()
    page.get_by_label("Username of co-author 1").fill(bo.username)
    page.get_by_label("Share %").first.fill("25")
    page.get_by_role("button", name="Post").click()
    expect(page.locator(".coauthors")).to_contain_text(re.compile(r"asked · 25%"))

    bo.page.goto(page.url)
    bo.page.locator(".coauthors").get_by_role("link", name="Answer").click()
    bo.page.get_by_role("button", name="Yes, share").click()
    expect(bo.page.locator("#notices")).to_contain_text("You share in the tips of this post: 25%")
    expect(bo.page.locator(".coauthors")).to_contain_text("You share in the tips: 25%.")
