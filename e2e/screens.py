"""`make screens`: every page as a picture, as a visitor, a member and a newcomer, in two widths and both themes.

Starts a product of its own with the demo community, asks axe about every picture, prints what it finds as a table and
ends with 1 when there is anything. Pictures go to DATA_DIR/screens (var/screens). A part of a page's name narrows it
down: `make screens ARGS="wallet feed"`.
"""

import argparse
import os
import re
import sys
import time
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import Error as PlaywrightError

from e2e import gallery, settings_gallery
from e2e.access import findings
from e2e.browser import DESK, NoChromium, chromium, chromium_path, new_context, overflow
from e2e.people import fresh_number, sign_in
from e2e.product import ROOT, LeftBehind, NotStarted, Product, running

# The demo's own, as `make run` prints them.
ANA = "+12025550101"
NEWCOMER = "+12025550102"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19 Safari/604"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0"
TALLEST = 8_000  # pixels of a picture


@dataclass(frozen=True)
class Finding:
    """Something wrong with one picture."""

    picture: str
    what: str
    how_bad: str
    where: str


class Studio:
    """Takes the pictures and keeps what was wrong with them."""

    def __init__(self, product: Product, browser: Browser, folder: Path, wanted: list[str]) -> None:
        self.product = product
        self.browser = browser
        self.folder = folder
        self.wanted = wanted
        self.taken = 0
        self.found: list[Finding] = []

    def sit(self, who: str, places: list[gallery.Place], context: BrowserContext, heard: list[str]) -> None:
        """Every wanted page as one person sees it, in every look."""
        page = context.new_page()
        for place in places:
            name = f"{who}-{place.name}"
            if self.wanted and not any(part in name for part in self.wanted):
                continue
            heard.clear()
            try:
                status = gallery.open_place(page, place)
            except PlaywrightError as why:
                self._note(name, "cannot be shown", "serious", str(why).splitlines()[0])
                continue
            if place.is_missing != (status == 404) or status >= 500:
                self._note(name, f"answered {status}", "critical", place.path)
            for width, theme in gallery.looks(page):
                self._take(page, f"{name}-{width}-{theme}")
            for words in heard:
                self._note(name, "the browser complained", "serious", words)

    def _take(self, page: Page, name: str) -> None:
        # The window grows to the page, so that what sticks to its edges stays there in the picture.
        window = page.viewport_size or DESK
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": window["width"], "height": max(window["height"], min(height, TALLEST))})
        page.screenshot(path=self.folder / f"{name}.png")
        page.set_viewport_size(window)
        self.taken += 1
        for finding in findings(page):
            self._note(name, f"{finding.rule} ({finding.places}×)", finding.impact, finding.example)
        if wide := overflow(page):
            self._note(name, "sticks out sideways", "serious", ", ".join(wide))

    def _note(self, picture: str, what: str, how_bad: str, where: str) -> None:
        self.found.append(Finding(picture, what, how_bad, where))

    def context(self, number: str | None = None, **options: object) -> tuple[BrowserContext, list[str]]:
        context, complaints = new_context(self.browser, self.product.url, reduced_motion="reduce", **options)
        if number:
            sign_in(context, number)
        return context, complaints.found


def shoot(product: Product, browser: Browser, folder: Path, wanted: list[str]) -> Studio:
    studio = Studio(product, browser, folder, wanted)
    visitor, heard_by_visitor = studio.context()
    page = visitor.new_page()
    post, username = liveliest(page)
    week = gallery.newest_week(page)
    carrying = gallery.that_carry(gallery.posts_that_carry(page))
    page.close()
    studio.sit(
        "visitor",
        gallery.for_visitors(post=post, username=username, number=fresh_number(), week=week) + carrying,
        visitor,
        heard_by_visitor,
    )

    member, heard = studio.context(ANA)
    page = member.new_page()
    post, username = liveliest(page)
    own, own_post = own_username(page), own_post_of(page)
    further = further_page_of(page)
    coins = gallery.of_coins(movement=gallery.newest_movement(page), week=week)
    page.close()
    # Another browser and another device, for the list of sessions.
    for words in (IPHONE, FIREFOX):
        studio.context(ANA, user_agent=words)
    studio.sit("member", gallery.for_members(post=post, own_post=own_post, username=username), member, heard)
    studio.sit("member", coins + carrying, member, heard)

    settings = settings_gallery.of_member(own=own, further=further, other=username)
    studio.sit("member", settings, member, heard)

    newcomer, heard = studio.context(NEWCOMER)
    page = newcomer.new_page()
    own = own_username(page)
    page.close()
    studio.sit("newcomer", gallery.for_newcomers(own=own) + settings_gallery.of_newcomer(), newcomer, heard)
    return studio


def for_readme(product: Product, browser: Browser, path: Path) -> None:
    """The picture at the top of the README: the hot feed and the economy page, side by side."""
    context, _ = new_context(browser, product.url, viewport={"width": 1180, "height": 860}, reduced_motion="reduce")
    sign_in(context, ANA)
    page = context.new_page()
    pictures = []
    for address in ("/", "/economy/"):
        page.goto(address)
        # Few machines have every script's letters: posts that this one would draw as boxes step aside.
        page.evaluate(
            r"""() => {
              const rare = /[\p{sc=Han}\p{sc=Hang}\p{sc=Hira}\p{sc=Kana}\p{sc=Deva}\p{sc=Beng}\p{sc=Taml}]/u;
              for (const card of document.querySelectorAll("article.post"))
                if (rare.test(card.textContent)) card.remove();
            }"""
        )
        pictures.append(b64encode(page.screenshot()).decode())
    context.close()
    sheet = browser.new_page(viewport={"width": 1600, "height": 575})
    drawn = "".join(f'<img width="792" src="data:image/png;base64,{picture}">' for picture in pictures)
    sheet.set_content(f'<body style="margin: 0; display: flex; gap: 16px; background: #0b665b">{drawn}</body>')
    sheet.wait_for_function("[...document.images].every((image) => image.complete)")
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.screenshot(path=path)
    sheet.close()


def own_username(page: Page) -> str:
    page.goto("/")
    return (page.locator(".account .person-handle").first.text_content() or "").strip().removeprefix("@")


def further_page_of(page: Page) -> str:
    """Another page of the member who is signed in, who must have one."""
    page.goto("/settings/pages/")
    handles = page.locator(".own-page .person-handle").all_text_contents()
    return handles[-1].strip().removeprefix("@")


def own_post_of(page: Page) -> str:
    """A post of the member who is signed in; written now when there is none."""
    own = own_username(page)
    page.goto(f"/@{own}/")
    cards = page.locator("article.post .post-when")
    if cards.count():
        return str(cards.first.get_attribute("href"))
    page.goto("/write/")
    page.get_by_label("What do you want to say?").fill("Good morning from the harbour.")
    page.get_by_role("button", name="Post").click()
    page.wait_for_url("**/p/**")
    return str(re.search(r"/p/[^/]+/", page.url)[0])  # type: ignore[index]


def liveliest(page: Page) -> tuple[str, str]:
    """The post of the hot feed with the most comments that is not one's own, and who wrote it."""
    page.goto("/")
    found = page.evaluate(
        """() => [...document.querySelectorAll("article.post")]
          .filter((card) => !card.querySelector(".tips-own"))
          .map((card) => ({
            path: card.querySelector(".post-when").getAttribute("href"),
            author: card.querySelector(".person").getAttribute("href"),
            comments: parseInt(card.querySelector(".post-comments span").textContent) || 0,
          }))
          .sort((one, other) => other.comments - one.comments)[0]"""
    )
    return found["path"], found["author"].strip("/@")


def table(rows: list[Finding]) -> str:
    """The findings in columns that fit a terminal."""
    lines = [("picture", "finding", "weight", "where"), *((r.picture, r.what, r.how_bad, r.where[:140]) for r in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    return "\n".join(
        "  ".join([*(line[column].ljust(widths[column]) for column in range(3)), line[3]]) for line in lines
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="make screens", description=__doc__)
    parser.add_argument("wanted", nargs="*", help="parts of the names of the pictures; all of them without")
    parser.add_argument("--members", type=int, default=60, help="how many live in the demo community (60)")
    parser.add_argument("--readme", action="store_true", help="only the README's picture, docs/images/feed.png")
    options = parser.parse_args()
    folder = Path(os.environ.get("DATA_DIR", ROOT / "var")).resolve() / "screens"
    try:
        chromium_path()
        folder.mkdir(parents=True, exist_ok=True)
        for old in () if options.wanted or options.readme else folder.glob("*.png"):
            old.unlink()
        began = time.monotonic()
        print("Starting Civitas with its demo community ...", flush=True)
        with running(demo_members=options.members) as product, chromium() as browser:
            print(f"It is up after {time.monotonic() - began:.0f} s. Taking pictures ...", flush=True)
            if options.readme:
                for_readme(product, browser, ROOT / "docs" / "images" / "feed.png")
                return 0
            studio = shoot(product, browser, folder, options.wanted)
    except (NoChromium, NotStarted, LeftBehind) as why:
        print(why, file=sys.stderr)
        return 1
    print(f"{studio.taken} pictures in {folder} after {time.monotonic() - began:.0f} s.")
    if studio.found:
        print(table(studio.found))
        return 1
    print("axe finds nothing, and nothing sticks out.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
