"""Members: joined and signed in by the pages' own forms, so that a browser holds a real session."""

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from itertools import count
from urllib.parse import urlsplit

from playwright.sync_api import APIRequestContext, APIResponse, BrowserContext, Page

from accounts.signin.totp import STEP, code_at
from e2e.product import Product

_numbers = count(1000)
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def fresh_number() -> str:
    """A number nobody has used yet, from the range that Britain keeps for films."""
    return f"+44770090{next(_numbers)}"


def code_for(request: APIRequestContext, number: str) -> str:
    """The newest code sent to a number, read where a developer would read it."""
    sent = request.get("/dev/outbox.json").json()
    # Other messages, such as of a sign-in by a new browser, may have followed it.
    return next(
        message["body"][:6] for message in sent if message["to"] == number and re.match(r"\d{6}\b", message["body"])
    )


def sign_in(context: BrowserContext, number: str, **names: str) -> None:
    """Fill in the two forms of signing in without drawing them: for tests that are about something else."""
    start = context.request.get("/signin/")
    answer = _send(context, start, "/signin/", {"phone": number, "next": "/economy/"})
    given = {"code": code_for(context.request, number), **names}
    landed = _send(context, answer, "/signin/code/", given)
    if not landed.url.endswith("/economy/"):
        said = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", landed.text())))
        raise AssertionError(f"{number} could not sign in ({landed.status}): {said[:2000]}")


def _send(context: BrowserContext, shown: APIResponse, path: str, form: dict[str, str]) -> APIResponse:
    token = _TOKEN.search(shown.text())
    assert token, f"{shown.url} ({shown.status}) has no form to send"
    # Chromium sends an Origin with every form; so do we.
    return context.request.post(
        path, form={**form, "csrfmiddlewaretoken": token[1]}, headers={"Referer": shown.url}, max_redirects=3
    )


@dataclass
class Person:
    """A member with a browser of their own."""

    name: str
    username: str
    number: str
    context: BrowserContext
    page: Page

    def writes(self, content: str, title: str = "") -> str:
        """A post of theirs; its path."""
        shown = self.context.request.get("/write/")
        landed = _send(self.context, shown, "/write/", {"content": content, "title": title})
        path = urlsplit(landed.url).path
        assert path.startswith("/p/"), f"the post was not written: {landed.status} {landed.url}"
        return path

    @property
    def available(self) -> str:
        """What their wallet holds, by the ledger's own word."""
        return str(self.context.request.get("/api/v1/me/wallet").json()["available"])


def shown_by_authenticator(secret: str, *, steps: int = 0) -> str:
    """What an authenticator shows, or will after so many half minutes."""
    return code_at(secret, datetime.fromtimestamp(time.time() + STEP * steps, tz=UTC))


def set_up_second_factor(page: Page) -> tuple[str, list[str]]:
    """Set up a second factor from its page on; the secret and the recovery codes, which the page still shows."""
    secret = page.locator("#secret").inner_text().replace(" ", "")
    page.get_by_label("Code that it shows now").fill(shown_by_authenticator(secret))
    page.get_by_role("button", name="Switch it on").click()
    page.get_by_role("heading", name="Keep these codes").wait_for()
    return secret, page.locator("#recovery-codes code").all_inner_texts()


def make_staff(person: Person, product: Product, *, role: str = "ADMIN") -> str:
    """Make somebody staff who has a second factor, given in their browser: the admin opens to them. The secret."""
    product.manage(
        "shell",
        "--verbosity=0",
        "--no-imports",
        "-c",
        "from accounts.members.models import User\n"
        f"assert User.objects.filter(phone_number='{person.number}').update(role='{role}')",
    )
    person.page.goto("/admin/")
    secret, _codes = set_up_second_factor(person.page)
    person.page.get_by_role("button", name="I have kept them").click()
    person.page.wait_for_url("**/admin/")
    return secret
