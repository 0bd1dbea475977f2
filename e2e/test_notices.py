"""Notices: heard at once in another browser, kept in the list, chosen in the settings."""

import re
import time

import pytest
from playwright.sync_api import expect

from e2e.people import Person
from e2e.product import Product

AT_ONCE = 2_000  # milliseconds
MANY = """
from django.utils import timezone
from accounts.members.models import User
from accounts.notifications.models import Notification
member = User.objects.get(phone_number="NUMBER")
Notification.objects.bulk_create(
    Notification(user=member, type="tip", title="Bo tipped you 1.00", happened_at=timezone.now()) for _ in range(1204))
"""
BOXES = """link => {
  const word = document.createRange();
  word.selectNodeContents(link.querySelector(":scope > span:not(.nav-count)"));
  return [link, link.querySelector(":scope > .nav-count"), word].map((one) => one.getBoundingClientRect().toJSON());
}"""


@pytest.fixture
def post(ana: Person) -> str:
    return ana.writes(f"Bread without kneading takes a night. {ana.username}", "On bread")


def tip(person: Person, post: str, coins: str) -> None:
    page = person.page
    page.goto(post)
    page.locator("article.post .tips").get_by_role("link", name=re.compile("^Tip")).click()
    form = page.locator("form.tip-form")
    form.locator("input[name=amount]").fill(coins)
    form.get_by_role("button", name="Give this tip").click()
    expect(page.locator("article.post .tips").get_by_role("status")).to_contain_text("You tipped")


def count_of(person: Person) -> str:
    return person.page.locator('.nav-entry > [data-count-of="unread_notifications"] .nav-count').first.inner_text()


def listening(person: Person, path: str) -> None:
    """Open a page, and wait until it hears."""
    with person.page.expect_response("**/api/v1/events") as heard:
        person.page.goto(path)
    assert heard.value.status == 200


def test_a_tip_in_one_browser_is_heard_in_another_within_two_seconds(ana: Person, bo: Person, post: str):
    # The product runs two web processes: one has the stream, either takes the tip. Three pages, so that both are met.
    listening(ana, "/economy/")
    others = [ana.context.new_page() for _page in range(2)]
    for page in others:
        with page.expect_response("**/api/v1/events"):
            page.goto("/economy/")
    tip(bo, post, "3.33")
    begun = time.monotonic()
    for page in (ana.page, *others):
        expect(page.locator(".toast")).to_contain_text("Bo tipped you 3.33", timeout=AT_ONCE)
    assert time.monotonic() - begun < AT_ONCE / 1000

    # More of the same is added to the unread one, and not announced again.
    toasts = ana.page.locator(".toast", has_text="tipped you")
    tip(bo, post, "1.00")
    ana.page.wait_for_timeout(AT_ONCE)
    expect(toasts).to_have_count(1)

    toasts.get_by_role("button", name="Show").click()
    expect(ana.page).to_have_url(re.compile(f"{post}$"))
    ana.page.goto("/notifications/")
    expect(ana.page.get_by_role("heading", name="Bo tipped you 4.33")).to_be_visible()


def test_coins_that_arrive_show_in_the_open_page(ana: Person, bo: Person):
    listening(ana, "/economy/")
    page = bo.page
    page.goto("/wallet/gift/")
    page.get_by_label("To", exact=True).fill(ana.username)
    page.get_by_label("Coins").fill("7.00")
    page.get_by_role("button", name="Give", exact=True).click()
    expect(ana.page.locator("#balance")).to_contain_text("107.00", timeout=5_000)


@pytest.mark.parametrize("width", [320, 390, 900, 1280])
def test_the_count_stands_beside_the_word_and_inside_of_its_link(ana: Person, product: Product, width: int):
    product.shell(MANY.replace("NUMBER", ana.number))
    page = ana.page
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/notifications/")
    # Twice: as the server draws it, and as the stream has it written anew.
    for _time in range(2):
        links = page.locator(".nav-link:visible", has=page.locator(".nav-count"))
        expect(links).to_have_count(1)
        expect(links.locator(".nav-count")).to_contain_text("99+")
        link, count, word = links.evaluate(BOXES)
        assert link["left"] <= count["left"] and count["right"] <= link["right"]
        is_beside = count["left"] >= word["right"] or word["left"] >= count["right"]
        assert is_beside or count["bottom"] <= word["top"]
        with page.expect_response("**/api/v1/events"):
            page.goto("/economy/")


def test_what_is_read_in_one_page_is_counted_no_more_in_the_others(ana: Person, bo: Person, post: str):
    tip(bo, post, "2.00")
    listening(ana, "/economy/")
    other = ana.context.new_page()
    with other.expect_response("**/api/v1/events"):
        other.goto("/notifications/")
    expect(ana.page.locator('.nav-entry > [data-count-of="unread_notifications"] .nav-count')).to_have_count(1)
    other.get_by_role("button", name="Mark all as read").click()
    expect(ana.page.locator('.nav-entry > [data-count-of="unread_notifications"] .nav-count')).to_have_count(0)


@pytest.mark.complains("503")
def test_where_no_stream_can_be_had_the_page_asks_now_and_then(ana: Person, bo: Person, post: str):
    ana.page.route("**/api/v1/events", lambda route: route.fulfill(status=503))
    with ana.page.expect_response("**/notifications/unread/") as answer:
        ana.page.goto("/economy/")
    assert set(answer.value.json()) == {"unread"}


def test_kinds_are_switched_off_without_scripts(join, bo: Person):
    cem = join("Cem", java_script_enabled=False)
    post = cem.writes(f"Plain pages are quick pages. {cem.username}")
    cem.page.goto("/settings/notifications/")
    tips = cem.page.get_by_role("group", name="Tips")
    tips.get_by_label("On the site").uncheck()
    cem.page.get_by_label("Quiet from").fill("22:00")
    cem.page.get_by_role("button", name="Save").click()
    expect(cem.page.get_by_text("Quiet hours have a beginning and an end").first).to_be_visible()
    expect(tips.get_by_label("On the site")).not_to_be_checked()
    cem.page.get_by_label("Quiet until").fill("07:00")
    cem.page.get_by_role("button", name="Save").click()
    expect(cem.page.get_by_text("Your choices are saved.")).to_be_visible()

    tip(bo, post, "2.00")
    bo.page.goto(post)
    bo.page.locator("form.comment-form textarea").first.fill(f"So they are. {cem.username}")
    bo.page.locator("form.comment-form button[type=submit]").first.click()
    cem.page.wait_for_timeout(1_500)
    cem.page.goto("/notifications/")
    expect(cem.page.get_by_role("heading", name="Bo commented on your post")).to_be_visible()
    expect(cem.page.get_by_text("tipped you")).to_have_count(0)
