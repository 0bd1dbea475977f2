"""One product and one Chromium for the whole session, people who join it, and an ear for what browsers say."""

import contextlib
import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from playwright.sync_api import Error as PlaywrightError

from e2e.browser import NoChromium, chromium, chromium_path, new_context
from e2e.people import Person, fresh_number, sign_in
from e2e.product import ROOT, Product, running

# Playwright runs an event loop in this thread. Whoever collects these tests together with Django's must not be told
# that the database is out of bounds there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
expect.set_options(timeout=8_000)
PICTURES = Path(os.environ.get("DATA_DIR", ROOT / "var")) / "e2e"
_people = count(1)
_started: list[Product] = []
_opened: list[BrowserContext] = []


def pytest_sessionstart(session: pytest.Session) -> None:
    # Said once and at once, instead of once for every test.
    try:
        chromium_path()
    except NoChromium as why:
        pytest.exit(str(why), returncode=1)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Beside a failure: what the product said last, and what each browser showed."""
    report = yield
    if report.failed and _started:
        report.sections.append(("the product said last", _started[0].last_words(15)))
        for number, page in enumerate(page for context in _opened for page in context.pages):
            path = PICTURES / f"{item.name[:80].replace('/', '_')}-{number}.png"
            # The page may be closing, the folder closed to us; the failure itself is what matters.
            with contextlib.suppress(PlaywrightError, OSError):
                page.screenshot(path=path, timeout=5_000)
                report.sections.append((f"the browser showed, at {page.url}", str(path)))
    return report


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The product itself. A process that outlives it fails the session."""
    with running() as started:
        _started.append(started)
        yield started
        _started.clear()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def open_browser(
    browser: Browser, product: Product, request: pytest.FixtureRequest
) -> Iterator[Callable[..., BrowserContext]]:
    """A browser with cookies of its own. What the pages made it complain about fails the test at its end."""
    opened = []
    marks = request.node.iter_markers("complains")
    expected = [word for mark in marks for word in mark.args]

    def open_one(**options: Any) -> BrowserContext:
        context, complaints = new_context(browser, product.url, **options)
        opened.append((context, complaints))
        _opened.append(context)
        return context

    yield open_one
    _opened.clear()
    for context, _ in opened:
        context.close()
    said = [words for _, heard in opened for words in heard.found]
    complaints = [words for words in said if not any(word in words for word in expected)]
    assert not complaints, "the browser complained:\n" + "\n".join(complaints)


@pytest.fixture
def visitor(open_browser: Callable[..., BrowserContext]) -> Any:
    """A page of someone who has not signed in."""
    return open_browser().new_page()


@pytest.fixture
def join(open_browser: Callable[..., BrowserContext]) -> Callable[..., Person]:
    """A new member, signed in in a browser of their own: join("Ana"), join("Bo", java_script_enabled=False)."""

    def make(name: str, **options: Any) -> Person:
        context = open_browser(**options)
        person = Person(name, f"{name.lower()}_{next(_people)}", fresh_number(), context, context.new_page())
        sign_in(context, person.number, username=person.username, display_name=person.name)
        return person

    return make


@pytest.fixture
def ana(join: Callable[..., Person]) -> Person:
    return join("Ana")


@pytest.fixture
def bo(join: Callable[..., Person]) -> Person:
    return join("Bo")
