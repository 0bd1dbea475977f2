"""Between the feeds, why a post is there, a pinned post; by keyboard, and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from e2e.people import Person

FEEDS = {
    "Hot": "What is hot",
    "Following": "Following",
    "Trending": "Trending",
    "New": "New",
    "Gems": "Hidden gems",
}


@pytest.mark.parametrize("has_scripts", [True, False])
def test_the_feeds_lead_to_each_other(join: Callable[..., Person], has_scripts: bool):
    page = join("Cleo", java_script_enabled=has_scripts).page
    page.goto("/")
    for tab, heading in FEEDS.items():
        page.get_by_role("navigation", name="Feeds").get_by_role("link", name=tab, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        current = page.get_by_role("navigation", name="Feeds").locator("[aria-current=page]")
        expect(current).to_have_text(tab)


def test_a_card_says_by_keyboard_why_it_is_here(ana: Person, bo: Person):
    words = f"Why am I here? {ana.username}"
    ana.writes(words)
    bo.page.goto("/new/")
    card = bo.page.locator("article.post", has_text=words)
    said = card.get_by_text("It stays on this level if at least 2 members tip it")
    expect(said).to_be_hidden()
    card.locator(".why > summary").focus()
    bo.page.keyboard.press("Enter")
    expect(said).to_be_visible()
    expect(card.locator(".why")).to_contain_text("23 h 59 min left")


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_pinned_post_stands_first(join: Callable[..., Person], has_scripts: bool):
    dan = join("Dan", java_script_enabled=has_scripts)
    first, second = f"The first. {dan.username}", f"The second. {dan.username}"
    path = dan.writes(first)
    dan.writes(second)
    page = dan.page
    page.goto(path)
    page.locator("article.post summary", has_text="More about this post").or_(
        page.locator("article.post .menu > summary")
    ).first.click()
    page.get_by_role("button", name="Pin to my page").click()
    expect(page.locator("#notices")).to_contain_text("The post stands first on your page.")
    cards = page.locator("#posts > article.post")
    expect(cards.nth(0)).to_contain_text(first)
    expect(cards.nth(0)).to_contain_text("pinned")
    expect(cards.nth(1)).to_contain_text(second)
    expect(cards).to_have_count(2)


def test_show_more_brings_nothing_twice(ana: Person):
    words = f"Here already. {ana.username}"
    ana.writes(words)
    page = ana.page
    page.goto("/new/")
    here = page.locator("article.post", has_text=words).get_attribute("id")
    # The next page holds a post that has come up meanwhile and stands here, and one that does not.
    again = f'<article class="card post" id="{here}">again</article>'
    cards = f'{again}<article class="card post" id="post-next">next</article>'
    page.route(
        "**/new/?cursor=next",
        lambda route: route.fulfill(
            content_type="text/html", body=f'<!doctype html><title>New</title><div id="posts">{cards}</div>'
        ),
    )
    page.evaluate(
        """() => {
          const more = document.createElement("nav");
          more.className = "pagination";
          more.innerHTML = `<a class="button" href="/new/?cursor=next" hx-get="/new/?cursor=next"
            hx-select="#posts > *" hx-target="closest .pagination" hx-swap="outerHTML">Show more of it</a>`;
          document.querySelector("#posts").append(more);
          window.htmx.process(more);
        }"""
    )
    page.get_by_role("link", name="Show more of it").click()
    expect(page.locator("#post-next")).to_be_visible()
    expect(page.locator(f"[id='{here}']")).to_have_count(1)
    expect(page.locator(f"[id='{here}']")).to_contain_text(words)


def test_a_least_standing_is_chosen_and_kept(ana: Person):
    page = ana.page
    page.goto("/settings/")
    page.get_by_role("main").get_by_role("link", name="Feeds").click()
    page.get_by_label("Least standing of a post, in coins").fill("3")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#notices")).to_contain_text("Your feeds follow this from now on.")
    expect(page.get_by_label("Least standing of a post, in coins")).to_have_value("3")
