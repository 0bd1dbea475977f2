"""Following a page and reading what it writes."""

import re

from playwright.sync_api import expect

from e2e.people import Person


def test_following_a_page_brings_its_posts_and_unfollowing_takes_them_away(ana: Person, bo: Person):
    words = f"Notes from the bell tower, by {ana.username}."
    ana.writes(words)
    page = bo.page
    page.goto("/following/")
    expect(page.get_by_role("heading", name="You follow nobody yet")).to_be_visible()

    page.goto(f"/@{ana.username}/")
    page.get_by_role("button", name="Follow").click()
    following = page.get_by_role("button", name=re.compile("^Following"))
    expect(following).to_be_visible()
    expect(following).to_be_focused()
    expect(page.locator(".profile-figures")).to_contain_text("1 follower")
    page.goto("/following/")
    expect(page.locator("article.post", has_text=words)).to_be_visible()
    page.goto(f"/@{ana.username}/followers/")
    expect(page.get_by_role("main")).to_contain_text(f"@{bo.username}")

    page.goto(f"/@{ana.username}/")
    following.click()
    expect(page.get_by_role("button", name="Follow", exact=True)).to_be_visible()
    page.goto("/following/")
    expect(page.get_by_role("heading", name="You follow nobody yet")).to_be_visible()


def test_one_cannot_follow_oneself(ana: Person):
    ana.page.goto(f"/@{ana.username}/")
    expect(ana.page.get_by_role("button", name="Follow")).to_have_count(0)
