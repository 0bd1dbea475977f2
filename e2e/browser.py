"""Chromium, and what it complains about while a page is used."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    ViewportSize,
    sync_playwright,
)
from playwright.sync_api import Error as PlaywrightError

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}
NARROWEST = {"width": 320, "height": 640}

HOW_TO_GET_IT = """The browser tests need Chromium, and there is none here.
They are not skipped, because a skipped test proves nothing.

    Debian, Ubuntu:   apt-get install --no-install-recommends chromium fonts-noto-color-emoji
    another system:   install Chromium or Chrome and name it: CHROMIUM=/path/to/chromium make e2e
"""

# Runs before any script of the page: hears what a Content-Security-Policy stopped, and adds up layout shifts.
_LISTENING = """
addEventListener("securitypolicyviolation", (event) => {
  const where = `${event.sourceFile}:${event.lineNumber}`;
  console.error(`policy: ${event.violatedDirective} stopped ${event.blockedURI} ${where}`);
});
window.layoutShift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.layoutShift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


class NoChromium(Exception):
    """There is no Chromium; the message says how to get one."""


def chromium_path() -> str:
    """Where Chromium is. May raise NoChromium."""
    wanted = os.environ.get("CHROMIUM", "")
    found = shutil.which(wanted) if wanted else next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        raise NoChromium(f"CHROMIUM={wanted} is not a program.\n{HOW_TO_GET_IT}" if wanted else HOW_TO_GET_IT)
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium. May raise NoChromium."""
    path = chromium_path()
    # Without --no-sandbox Chromium refuses root; small /dev/shm of containers crash its tabs.
    flags = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=flags)
        except PlaywrightError:
            if os.geteuid() == 0:
                raise
            # Kernels without user namespaces have no sandbox to offer; the pages are our own.
            browser = playwright.chromium.launch(executable_path=path, args=[*flags, "--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Complaints:
    """What a browser said against the pages of one context."""

    found: list[str] = field(default_factory=list)

    def listen(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.found.append(f"script: {error.error}"))
        context.on("response", self._response)
        context.on("requestfailed", self._failed)

    def _console(self, message: ConsoleMessage) -> None:
        # A refused form answers 422 and a missing page 404, as they should; answers are judged below.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.found.append(f"{message.type}: {message.text}")

    def _response(self, response: Response) -> None:
        is_part = response.request.resource_type not in ("document", "xhr", "fetch")
        if response.status >= 500 or (is_part and response.status >= 400):
            self.found.append(f"{response.status}: {response.request.method} {response.url}")

    def _failed(self, request: Request) -> None:
        # Leaving a page ends what it still asked for; a download is not a page.
        if request.failure not in ("net::ERR_ABORTED", None):
            self.found.append(f"{request.failure}: {request.url}")


def new_context(browser: Browser, base_url: str, **options: object) -> tuple[BrowserContext, Complaints]:
    """A browser of its own, with cookies of its own, that listens for complaints."""
    settings = {"viewport": DESK, "locale": "en-GB", "timezone_id": "UTC", "base_url": base_url} | options
    context = browser.new_context(**settings)  # type: ignore[arg-type]
    context.set_default_timeout(8_000)
    context.add_init_script(_LISTENING)
    complaints = Complaints()
    complaints.listen(context)
    return context, complaints


def overflow(page: Page) -> list[str]:
    """What sticks out of the page sideways: nothing, or the elements that do."""
    return page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          const wide = [...document.body.querySelectorAll("*")].filter((element) => {
            const box = element.getBoundingClientRect();
            return box.width > 0 && box.right > width + 1 && getComputedStyle(element).position !== "fixed";
          });
          const named = wide.map((element) => {
            const right = Math.round(element.getBoundingClientRect().right);
            return `${element.tagName.toLowerCase()}.${element.getAttribute("class")} to ${right}`;
          });
          return [`page ${document.documentElement.scrollWidth} of ${width}`, ...named.slice(0, 8)];
        }"""
    )
