"""Searching: by keyboard, by touch, and without scripts; and reading along from elsewhere."""

import re
from collections.abc import Callable
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from e2e.access import findings
from e2e.browser import PHONE
from e2e.people import Person

_words = count(1)


@pytest.fixture
def word() -> str:
    """A word that stands nowhere else."""
    return f"zephyr{next(_words)}q"


def test_a_page_is_found_by_the_keyboard_alone(ana: Person, bo: Person):
    page = bo.page
    page.goto("/")
    box = page.get_by_role("combobox", name="Search for")
    box.focus()
    page.keyboard.type(ana.username[:-1])
    options = page.locator(".suggestions").get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(box).to_be_focused()

    box.fill("")
    page.keyboard.type(f"@{ana.username}")
    expect(options.first).to_contain_text(f"@{ana.username}")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "")
    assert findings(page) == []
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/@{ana.username}/$"))


def test_posts_are_found_with_their_matches_marked(ana: Person, bo: Person, word: str):
    ana.writes(f"Of the {word} and its ways. {ana.username}")
    bo.writes(f"A {word} by bo, not the same. {bo.username}")
    page = bo.page
    page.goto("/")
    page.get_by_role("combobox", name="Search for").fill(word)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/search/\?q={word}$"))
    expect(page.locator(".result mark", has_text=word)).to_have_count(2)

    page.get_by_role("searchbox").or_(page.get_by_role("combobox")).fill(f"{word} -@{bo.username}")
    page.keyboard.press("Enter")
    expect(page.locator(".result")).to_have_count(1)
    page.get_by_role("link", name="Posts", exact=True).click()
    expect(page.locator(".result")).to_have_count(1)
    expect(page.get_by_role("link", name="Posts", exact=True)).to_have_attribute("aria-current", "page")
    page.locator(".result").get_by_role("link", name="Post by Ana").click()
    expect(page.locator("article.post")).to_contain_text(word)


def test_on_a_phone_search_is_one_tap_away(open_browser: Callable, word: str):
    page: Page = open_browser(viewport=PHONE).new_page()
    page.goto("/")
    page.get_by_role("link", name="Search", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Search")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type(word)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Nothing found for “{word}”")).to_be_visible()
    assert findings(page) == []


def test_without_scripts_search_is_a_form(join: Callable[..., Person], ana: Person, word: str):
    ana.writes(f"A {word} in the hedge. {ana.username}")
    page = join("Cleo", java_script_enabled=False).page
    page.goto("/")
    box = page.get_by_role("searchbox", name="Search for")
    box.fill(word)
    box.press("Enter")
    expect(page.locator(".result mark")).to_have_text(word)
    page.get_by_role("link", name="Comments", exact=True).click()
    expect(page.get_by_role("heading", name=f"Nothing found for “{word}”")).to_be_visible()
    page.get_by_role("link", name="#garden", exact=True).click()
    expect(page).to_have_url(re.compile(r"q=%23garden"))


def test_nobody_finds_what_was_removed(ana: Person, visitor: Page, word: str):
    post = ana.writes(f"A {word} that goes. {ana.username}")
    visitor.goto(f"/search/?q={word}")
    expect(visitor.locator(".result")).to_have_count(1)
    ana.page.goto(f"{post}remove/")
    ana.page.get_by_role("button", name="Remove").click()
    expect(ana.page).to_have_url(re.compile("/@"))
    visitor.reload()
    expect(visitor.locator(".result")).to_have_count(0)


def test_others_read_along(ana: Person, visitor: Page, word: str):
    post = ana.writes(f"A {word} for all. {ana.username}")
    visitor.goto(post)
    feed = visitor.locator("link[type='application/atom+xml']").get_attribute("href") or ""
    told = visitor.request.get(feed)
    assert told.ok and word in told.text() and "<feed" in told.text()
    assert (visitor.locator("link[rel=canonical]").get_attribute("href") or "").endswith(post)
    assert "Sitemap: " in visitor.request.get("/robots.txt").text()
    assert post in visitor.request.get("/sitemap-posts.xml").text()
