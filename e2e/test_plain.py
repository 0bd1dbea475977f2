"""Everything that matters, in a browser that runs no scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from e2e.people import Person, code_for, fresh_number


@pytest.fixture
def plain(join: Callable[..., Person]) -> Person:
    return join("Cleo", java_script_enabled=False)


def test_joining(open_browser: Callable[..., BrowserContext]):
    page: Page = open_browser(java_script_enabled=False).new_page()
    number = fresh_number()
    page.goto("/signin/")
    page.get_by_label("Phone number").fill(number)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").fill(code_for(page.request, number))
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#balance")).to_contain_text("100.00")


def test_writing_a_post_and_a_comment_with_its_price(plain: Person, ana: Person):
    page = plain.page
    page.goto("/")
    page.locator("#composer").get_by_role("textbox").fill(f"Written without scripts by {plain.username}")
    page.locator("#composer").get_by_role("button", name="Post").click()
    expect(page).to_have_url(re.compile("/p/"))
    expect(page.locator("#notices")).to_contain_text("Your post is out.")

    page.goto(ana.writes(f"A question to all. {ana.username}"))
    for number, price in enumerate(("2 free comments", "1 free comment", "costs"), start=1):
        form = page.locator("#comment-form")
        expect(form).to_contain_text(price)
        form.get_by_role("textbox").fill(f"Answer {number}")
        form.get_by_role("button", name="Comment").click()
        expect(page.locator(".comment", has_text=f"Answer {number}")).to_be_visible()
    assert plain.available == "99.50"
    page.get_by_role("link", name="Reply to Cleo").first.click()
    page.get_by_role("textbox").fill("And an answer to that")
    page.get_by_role("button", name="Answer").click()
    expect(page.locator(".comment.depth-1")).to_contain_text("And an answer to that")


def test_tipping_and_taking_back(plain: Person, ana: Person):
    page = plain.page
    post = ana.writes(f"Worth a coin or three. {ana.username}")
    page.goto(post)
    page.get_by_role("link", name="Tip Ana").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tip Ana")
    page.locator("input[name=amount]").fill("3.33")
    page.get_by_role("button", name="Give this tip").click()
    expect(page).to_have_url(re.compile(f"{post}$"))
    expect(page.locator("#notices")).to_contain_text("You tipped 3.33 coins. Ana gets 2.01 coins")
    assert plain.available == "96.67"

    page.get_by_role("button", name="Take back").click()
    expect(page.locator("#notices")).to_contain_text("3.33 coins are yours again.")
    assert plain.available == "100.00"


def test_a_refused_tip_says_why_on_a_page_with_the_form(plain: Person, ana: Person):
    page = plain.page
    page.goto(f"{ana.writes(f'Worth less. {ana.username}')}tip/")
    page.locator("input[name=amount]").fill("1.00")
    page.locator("form.tip-form").evaluate("(form) => { form.noValidate = true }")
    page.locator("input[name=amount]").fill("11.00")
    page.get_by_role("button", name="Give this tip").click()
    expect(page.get_by_role("alert")).to_contain_text("10.00")
    expect(page.locator("input[name=amount]")).to_have_value("11.00")


def test_following(plain: Person, ana: Person):
    words = f"For those who follow {ana.username}."
    ana.writes(words)
    plain.page.goto(f"/@{ana.username}/")
    plain.page.get_by_role("button", name="Follow").click()
    expect(plain.page.get_by_role("button", name=re.compile("^Following"))).to_be_visible()
    plain.page.goto("/following/")
    expect(plain.page.locator("article.post", has_text=words)).to_be_visible()


def test_a_gift_the_statement_and_its_filter(plain: Person, ana: Person):
    page = plain.page
    page.goto("/wallet/gift/")
    page.get_by_label("To", exact=True).fill(ana.username)
    page.get_by_label("Coins").fill("2.00")
    page.locator("main").get_by_role("button").last.click()
    page.goto("/wallet/")
    expect(page.locator("table tbody tr")).to_have_count(2)
    page.get_by_label("Kind").select_option(label="Gift")
    page.locator("main form").get_by_role("button").first.click()
    expect(page.locator("table tbody tr")).to_have_count(1)


def test_removing_a_post_asks_on_a_page(plain: Person):
    post = plain.writes(f"To be removed. {plain.username}")
    plain.page.goto(f"{post}remove/")
    expect(plain.page.get_by_role("heading", level=1)).to_have_text("Remove this post?")
    plain.page.get_by_role("button", name="Remove").click()
    expect(plain.page.locator("#notices")).to_contain_text("The post is removed.")


def test_signing_out(plain: Person):
    plain.page.goto("/")
    plain.page.get_by_label("Account of Cleo").click()
    plain.page.get_by_role("button", name="Sign out").click()
    expect(plain.page.get_by_role("link", name="Join or sign in").first).to_be_visible()
