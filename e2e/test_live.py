"""Heard at once: between two web processes, and by a program that holds a token."""

import json
import queue
import re
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from e2e.people import Person, code_for
from e2e.product import Product, Web

AT_ONCE = 2.0  # seconds
PLACES = """
import time
from accounts.members.models import User
from accounts.notifications import live
from config.lib import limits
member = User.objects.get(phone_number="NUMBER")
print(limits.client().zcount(live.place_key(member.pk), time.time(), "+inf"))
"""


@pytest.fixture(scope="module")
def other(product: Product) -> Iterator[Web]:
    """A second web process: the same database and the same Redis, another port."""
    with product.one_more_web() as web:
        yield web


def tip(person: Person, post: str, coins: str, *, at: str) -> float:
    """Tip a post at one of the web processes; when the button was pressed."""
    page = person.page
    page.goto(f"{at}{post}")
    page.locator("article.post .tips").get_by_role("link", name=re.compile("^Tip")).click()
    form = page.locator("form.tip-form")
    form.locator("input[name=amount]").fill(coins)
    pressed = time.monotonic()
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        form.get_by_role("button", name="Give this tip").click(no_wait_after=True)
    assert answer.value.url.startswith(f"{at}/")
    return pressed


def count_of(person: Person) -> int:
    shown = person.page.locator('.nav-entry > [data-count-of="unread_notifications"] .nav-count')
    return int(shown.get_attribute("data-count") or 0) if shown.count() else 0


@pytest.mark.parametrize("listens_at", ["the other process", "a process of up"])
def test_what_one_process_takes_is_heard_from_another(
    ana: Person, bo: Person, product: Product, other: Web, listens_at: str
):
    hearing, taking = (other.url, product.url) if listens_at == "the other process" else (product.url, other.url)
    post = ana.writes(f"Bread takes a night. {ana.username}")
    with ana.page.expect_response("**/api/v1/events") as stream:
        ana.page.goto(f"{hearing}/economy/")
    assert (stream.value.status, stream.value.url) == (200, f"{hearing}/api/v1/events")
    before = count_of(ana)

    pressed = tip(bo, post, "3.33", at=taking)
    expect(ana.page.locator(".toast")).to_contain_text("Bo tipped you 3.33", timeout=1000 * AT_ONCE)
    took = time.monotonic() - pressed
    assert took < AT_ONCE
    assert count_of(ana) == before + 1
    print(f"{took:.2f} s from the press of a button to the toast")  # shown by `pytest -s`


def test_who_clicks_on_before_a_stream_begins_still_hears(ana: Person, product: Product):
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in ana.context.cookies())
    for _page in range(30):
        with httpx.stream("GET", f"{product.url}/api/v1/events", headers={"Cookie": cookies}, timeout=5) as answer:
            assert answer.status_code in (200, 429)  # it is admitted, and nobody reads on
    places, until = "", time.monotonic() + 40  # what was counted and never began is counted for ten seconds
    while places != "0" and time.monotonic() < until:
        time.sleep(1)
        places = product.shell(PLACES.replace("NUMBER", ana.number)).split()[-1]
    assert places == "0"  # nothing goes on for nobody
    with ana.page.expect_response("**/api/v1/events") as stream:
        ana.page.goto("/economy/")
    assert stream.value.status == 200


class Ears(threading.Thread):
    """A program that listens with a token, and notes when it heard what."""

    def __init__(self, url: str, token: str) -> None:
        super().__init__(daemon=True)
        self.url, self.headers = f"{url}/api/v1/events", {"Authorization": f"Bearer {token}"}
        self.heard: queue.Queue[tuple[float, str, Any]] = queue.Queue()
        self.stream: httpx.Response | None = None

    def run(self) -> None:
        with httpx.stream("GET", self.url, headers=self.headers, timeout=httpx.Timeout(5, read=20)) as self.stream:
            name = ""
            for line in self.stream.iter_lines():
                field, _colon, value = line.partition(": ")
                if field == "event":
                    name = value
                elif field == "data":
                    self.heard.put((time.monotonic(), name, json.loads(value)))
                    if name == "notification":
                        return

    def next(self, name: str) -> tuple[float, Any]:
        while True:
            when, heard, data = self.heard.get(timeout=5)
            if heard == name:
                return when, data


def token_of(person: Person, product: Product) -> str:
    """An access token, got as a program gets it."""
    with httpx.Client(base_url=f"{product.url}/api/v1/", timeout=10) as http:
        asked = http.post("auth/send-code", json={"phone": person.number}).json()
        code = code_for(person.context.request, person.number)
        answer = http.post("auth/verify-code", json={"verification_id": asked["verification_id"], "code": code}).json()
        return str(answer["tokens"]["access"])


def test_a_program_with_a_token_hears_the_same(ana: Person, bo: Person, product: Product, other: Web):
    post = ana.writes(f"Bread takes a night. {ana.username}")
    ears = Ears(other.url, token_of(ana, product))
    ears.start()
    assert ears.next("balance")[1] == {"balance": "100.00", "available": "100.00"}
    assert ears.stream is not None
    assert ears.stream.headers["content-type"] == "text/event-stream"

    pressed = tip(bo, post, "2.50", at=product.url)
    when, told = ears.next("notification")
    assert (told["type"], told["title"], told["path"]) == ("tip", "Bo tipped you 2.50", post)
    assert when - pressed < AT_ONCE
    ears.join(timeout=5)
    print(f"{when - pressed:.2f} s from the press of a button to the event")
