"""Many clients at once over HTTP, and a database that dies under them: the books stay right, and 201 is a promise."""

import os
import re
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from threading import Barrier
from typing import Any

import httpx
import pytest

from e2e.people import fresh_number
from e2e.product import Product, running


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """A product of this module's own, because its database is killed."""
    with running() as started:
        yield started


class Client:
    """A program that has joined."""

    def __init__(self, product: Product, username: str) -> None:
        self.username = username
        self.http = httpx.Client(base_url=f"{product.url}/api/v1/", timeout=60)
        phone = fresh_number()
        asked = self.http.post("auth/send-code", json={"phone": phone}).json()
        sent = self.http.get(f"{product.url}/dev/outbox.json").json()
        code = re.search(r"\b\d{6}\b", next(m["body"] for m in sent if m["to"] == phone))
        assert code
        answer = self.http.post(
            "auth/verify-code",
            json={"verification_id": asked["verification_id"], "code": code[0], "username": username},
        )
        self.http.headers["Authorization"] = f"Bearer {answer.json()['tokens']['access']}"

    def writes(self, number: int) -> str:
        answer = self.http.post("posts", json={"content": f"{self.username} has thought of {number}"})
        return str(answer.json()["id"])

    def gives(self, to: "Client", coins: str, key: str) -> httpx.Response:
        gift = {"to": to.username, "amount": coins}
        return self.http.post("transfers", json=gift, headers={"Idempotency-Key": key})

    @property
    def balance(self) -> Decimal:
        return Decimal(self.http.get("me/wallet").json()["balance"])


def together(calls: list[Any]) -> list[Any]:
    """Run calls at the same moment, each in a thread of its own."""
    start = Barrier(len(calls))

    def one(call: Any) -> Any:
        start.wait(timeout=30)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def test_of_twenty_tips_of_ten_from_a_hundred_exactly_ten_pass(product: Product) -> None:
    writers = [Client(product, f"writer_{number}") for number in range(4)]
    posts = [writer.writes(number) for writer in writers for number in range(5)]
    reader = Client(product, "reader")
    answers = together(
        [lambda post=post: reader.http.post(f"posts/{post}/tips", json={"amount": "10.00"}) for post in posts]
    )
    said = Counter((answer.status_code, answer.json().get("type")) for answer in answers)
    assert said == {(201, None): 10, (422, "insufficient-funds"): 10}
    assert reader.balance == 0
    product.manage("ledger", "check")


def test_two_hundred_crossing_gifts_by_eight_clients_meet_no_deadlock(product: Product) -> None:
    ana, ben = Client(product, "ana_crossing"), Client(product, "ben_crossing")

    def many(client: int) -> list[int]:
        giver, receiver = (ana, ben) if client % 2 else (ben, ana)
        return [giver.gives(receiver, "0.10", f"{client}-{turn}").status_code for turn in range(25)]

    statuses = Counter(status for answers in together([lambda c=c: many(c) for c in range(8)]) for status in answers)
    assert statuses == {201: 200}
    assert ana.balance + ben.balance == Decimal("200.00")
    product.manage("ledger", "check")


def test_what_was_answered_before_the_database_was_killed_is_there(product: Product) -> None:
    ana, ben = Client(product, "ana_kill"), Client(product, "ben_kill")
    acknowledged: list[str] = []
    end = time.monotonic() + 12

    def hammer(client: int) -> Counter[int]:
        statuses: Counter[int] = Counter()
        giver, receiver = (ana, ben) if client % 2 else (ben, ana)
        turn = 0
        while time.monotonic() < end:
            turn += 1
            answer = giver.gives(receiver, "0.01", f"{client}-{turn}")
            statuses[answer.status_code] += 1
            if answer.status_code == 201:
                acknowledged.append(answer.json()["id"])
            else:
                time.sleep(0.2)
        return statuses

    def kill() -> int:
        time.sleep(3)
        postmaster = int((product.data_dir / "postgres" / "postmaster.pid").read_text().split()[0])
        for pid in [*_children(postmaster), postmaster]:
            with suppress(ProcessLookupError):  # one that has just ended by itself
                os.kill(pid, signal.SIGKILL)
        return len(acknowledged)

    *statuses, before = together([*(lambda c=c: hammer(c) for c in range(4)), kill])
    counted = sum(statuses, Counter())
    assert before > 0
    assert len(acknowledged) > before, "nothing was answered after the restart"
    assert set(counted) <= {201, 503}
    found = product.manage(
        "shell",
        "--verbosity=0",
        "--no-imports",
        "-c",
        "import sys\nfrom economy.ledger.models import Transfer\n"
        f"print(Transfer.objects.filter(id__in={acknowledged!r}).count())",
    )
    assert int(found.split()[-1]) == len(acknowledged)
    product.manage("ledger", "check")


def _children(parent: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
