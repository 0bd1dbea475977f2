"""The digest of those who were away: in the outbox, with links that lead on and one that stops it."""

import re
from email.utils import unquote
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Page, expect

from e2e.people import Person
from e2e.product import Product

# What the job of the morning does, an hour after the member was last here.
THE_MORNING = """
from django.utils import timezone
from accounts.notifications.models import Digest
from accounts.notifications.operations import absence, gather
gather(at=timezone.now())
absence.plan_digests(at=timezone.now())
Digest.objects.filter(user__phone_number="NUMBER").update(next_at=timezone.now())
print(absence.send_digests(clock=timezone.now))
"""
AWAY_FOR_AN_HOUR = """
from datetime import timedelta
from django.utils import timezone
from accounts.members.models import User
User.objects.filter(phone_number="NUMBER").update(
    email="EMAIL", email_verified=True, last_active_at=timezone.now() - timedelta(hours=1))
"""


def about(person: Person, code: str) -> str:
    return code.replace("NUMBER", person.number).replace("EMAIL", f"{person.username}@example.org")


def says_something(person: Person, post: str, words: str) -> None:
    page = person.page
    page.goto(post)
    page.locator("form.comment-form textarea").first.fill(words)
    page.locator("form.comment-form button[type=submit]").first.click()
    expect(page.get_by_text(words)).to_be_visible()


def rhythm_of(person: Person) -> str:
    person.page.goto("/settings/notifications/")
    return person.page.get_by_label("The digest comes").input_value()


def letter_to(page: Page, address: str) -> tuple[str, dict[str, str]]:
    """Text and headers of the newest letter, as the outbox shows it."""
    page.goto("/dev/outbox/")
    letter = page.locator(".list > li", has_text=address).first
    letter.get_by_text("Headers").click()
    names, values = letter.locator("dt").all_inner_texts(), letter.locator("dd").all_inner_texts()
    return letter.inner_text(), dict(zip(names, values, strict=True))


def test_a_digest_lands_in_the_outbox_and_is_stopped_by_its_link(
    ana: Person, bo: Person, visitor: Page, product: Product
):
    post = ana.writes(f"Bread takes a night. {ana.username}", "On bread")
    ana.page.goto("about:blank")
    product.shell(about(ana, AWAY_FOR_AN_HOUR))
    says_something(bo, post, f"So it does, says {bo.username}.")
    assert product.shell(about(ana, THE_MORNING)).strip() == "1"

    text, headers = letter_to(visitor, f"{ana.username}@example.org")
    assert "1 new notice at Civitas" in text
    assert "Bo commented on your post" in text
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Id"] == "Civitas <digest.127.0.0.1>"
    link = unquote(headers["List-Unsubscribe"])
    assert link.startswith(f"{product.url}/unsubscribe/")
    assert link in text  # for people, too

    # Looking at the link stops nothing: programs follow links before people do.
    visitor.goto(link)
    expect(visitor.get_by_role("heading", name="Stop these e-mails?")).to_be_visible()
    assert rhythm_of(ana) == "daily"
    visitor.get_by_role("button", name="Stop them").click()
    expect(visitor.get_by_role("heading", name="No more of these e-mails")).to_be_visible()
    assert rhythm_of(ana) == "off"

    # The mailbox's own button sends no cookie and no token of ours.
    ana.page.get_by_label("The digest comes").select_option("weekly")
    ana.page.get_by_role("button", name="Save").click()
    assert rhythm_of(ana) == "weekly"
    pressed = httpx.post(
        link,
        content="List-Unsubscribe=One-Click",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        timeout=10,
    )
    assert (pressed.status_code, pressed.history) == (200, [])
    assert rhythm_of(ana) == "off"

    # The line about what happened leads to it, and it is read then.
    found = re.search(r"\S+/notifications/[0-9a-f-]{36}/", text)
    assert found
    ana.page.goto(found[0])
    assert urlsplit(ana.page.url).path == post

    ana.page.goto("about:blank")
    product.shell(about(ana, AWAY_FOR_AN_HOUR))
    says_something(bo, post, f"It still does, says {bo.username}.")
    assert product.shell(about(ana, THE_MORNING)).strip() == "0"
