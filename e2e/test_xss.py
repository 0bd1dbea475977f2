"""What members write never runs: some two hundred hostile texts in every place that shows words, in a real browser.

A script that runs calls `xss`, opens a dialog, is stopped by the Content-Security-Policy (which says so), asks another
site for something, or leaves an element or attribute behind that words cannot have. Each of these fails the test.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from config.lib.tests.hostile import PAYLOADS
from e2e.people import Person, make_staff
from e2e.product import Product

_LISTENING = """
window.xssRan = [];
window.xss = (which) => { window.xssRan.push(which); };
"""

# Provokes whatever waits for an event, then says what ran and what stands in the page that words cannot have.
_LOOK = """async () => {
  const found = [];
  const kinds = ["mouseover", "mouseenter", "pointerover", "pointerenter", "focus", "focusin", "blur", "toggle", "load",
    "error", "animationstart", "animationend", "transitionend", "wheel", "scroll", "copy", "cut", "paste", "select"];
  for (const element of document.querySelectorAll("main *, aside *"))
    for (const kind of kinds) element.dispatchEvent(new Event(kind));
  for (const element of document.querySelectorAll("*"))
    for (const { name, value } of element.attributes) {
      if (/^on|^style$|^srcdoc$|^hx-on|^data-hx-on/i.test(name)) found.push(`${element.tagName} ${name}`);
      if (name === "formaction" && !value.startsWith("/drafts/")) found.push(`${element.tagName} ${name}=${value}`);
      if (/^(href|src|action|xlink:href|data|poster|background)$/i.test(name)
          && /^[\\s\\u0000-\\u001f]*(javascript|vbscript|data|blob|filesystem):/i.test(value))
        found.push(`${element.tagName} ${name}=${value}`);
    }
  const words = "P BR STRONG EM S CODE PRE BLOCKQUOTE UL OL LI A".split(" ");
  for (const element of document.querySelectorAll(".words *"))
    if (!words.includes(element.tagName)) found.push(`${element.tagName} among words`);
  for (const element of document.querySelectorAll("script, iframe, object, embed, base, meta[http-equiv], link"))
    if (element.tagName !== "SCRIPT" && element.tagName !== "LINK") found.push(element.tagName);
    else if (new URL(element.src || element.href || "/", location).origin !== location.origin)
      found.push(element.outerHTML);
  await new Promise((then) => setTimeout(then, 30));
  return [...found, ...window.xssRan.map((which) => `text ${which} ran`)];
}"""

# Written by the product's own operations, as many members, so that nothing but the texts is out of the ordinary.
_WRITE = """
import io, json
from datetime import timedelta
from PIL import Image
from django.utils import timezone
from accounts.members.models import User
from accounts.members.operations import edit_page, join
from config.lib.tests.hostile import PAYLOADS
from social.feed import operations as feed
from social.pictures.operations import send_picture
drawn = io.BytesIO()
Image.new("RGB", (60, 40), "teal").save(drawn, "PNG")
PIXELS = drawn.getvalue()
now = timezone.now() - timedelta(hours=1)
reader = User.objects.get(pages__username={reader!r})
thread = feed.write_post(author=reader, content="Say what you like.", channel="WEB", at=now)
posts, pages, tags = [], [], []
for number, text in enumerate(PAYLOADS):
    name = f"hostile_{{number}}"
    member = join(phone_number=f"+4917055{{number:05d}}", username=name, display_name=text[:50], at=now)
    title = text.replace("\\n", " ")
    carrying = {{}}
    if number % 6 == 0:
        picture = send_picture(sender=member, upload=PIXELS, at=now)
        carrying["pictures"] = [{{"id": picture.pk, "alt": title[:300]}}]
        carrying["poll"] = {{"options": [title[:80], "Another answer"], "minutes": 60}}
    post = feed.write_post(author=member, title=title, content=text, channel="WEB", at=now, carrying=carrying)
    feed.write_comment(author=member, post_id=thread.pk, content=text, channel="WEB", at=now)
    if number % 3 == 0:
        # Three texts in one bio, which is as long as bios are.
        bio = "\\n".join(PAYLOADS[number:number + 3])
        edit_page(editor=member, page_id=member.primary_page.pk, bio=bio, at=now)
        pages.append(f"/@{{name}}/")
    if number % 12 == 0:
        words = f"@{reader} #tag_{{number}} {{text}}"
        feed.edit_post(editor=member, post_id=post.pk, content=words, at=now + timedelta(minutes=30))
        tags.append(f"/tags/tag_{{number}}/")
        posts.append(f"/p/{{post.pk}}/")
print(json.dumps({{"thread": f"/p/{{thread.pk}}/", "posts": posts, "pages": pages, "tags": tags}}))
"""


@dataclass
class Watched:
    """A page in which nothing may run."""

    page: Page
    home: str
    heard: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.add_init_script(_LISTENING)
        self.page.on("dialog", lambda dialog: (self.heard.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.page.on("request", lambda request: self._asked(request.url))

    def _asked(self, url: str) -> None:
        if not url.startswith((self.home, "data:image/", "blob:")):
            self.heard.append(f"asked {url}")

    def looks_at(self, path: str, *, status: int = 200) -> None:
        answer = self.page.goto(path, wait_until="load")
        assert answer is not None
        assert answer.status == status, path
        assert "script-src" in answer.headers.get("content-security-policy", ""), path
        self.heard += [f"{path}: {words}" for words in self.page.evaluate(_LOOK)]

    def goes_through(self, path: str, *, most: int = 60) -> int:
        """Looks at a list to its end; how many pages it had."""
        pages = 0
        address: str | None = path
        while address and pages < most:
            self.looks_at(address)
            pages += 1
            following = self.page.locator("a[rel=next]")
            address = following.first.get_attribute("href") if following.count() else None
            if address and address.startswith("?"):
                address = self.page.url.partition("?")[0] + address
        return pages


@pytest.fixture
def written(product: Product, ana: Person) -> dict:
    """All texts as posts, titles, comments, names and bios; some as descriptions of pictures and answers of polls."""
    assert len(PAYLOADS) >= 150
    said = product.manage("shell", "--verbosity=0", "--no-imports", "-c", _WRITE.format(reader=ana.username))
    return json.loads(said.strip().splitlines()[-1])


def test_nothing_that_members_write_runs(
    product: Product, ana: Person, written: dict, open_browser: Callable[..., BrowserContext]
):
    visitor = Watched(open_browser().new_page(), product.url)
    member = Watched(ana.page, product.url)

    # Feeds and pages: titles, words, names, bios.
    assert visitor.goes_through("/", most=40) >= len(PAYLOADS) // 20
    for path in written["pages"]:
        visitor.looks_at(path)
    # Whole posts, what was changed in them, and the forms that show them again.
    for path in written["posts"]:
        visitor.looks_at(path)
        visitor.looks_at(f"{path}history/")
        member.looks_at(f"{path}tip/")
    assert visitor.goes_through(written["thread"]) >= 1
    # Notices quote what they are about.
    member.page.goto("/notifications/")
    expect(member.page.locator("main")).to_contain_text("mentioned you", timeout=20_000)
    member.goes_through("/notifications/")
    # Looked for, found and not.
    for text in PAYLOADS[::12]:
        member.looks_at(f"/search/?q={quote(text[:150], safe='')}")
    # Hashtags, known and made up.
    for path in written["tags"]:
        visitor.looks_at(path)
    for text in PAYLOADS[::12]:
        visitor.page.goto(f"/tags/{quote(text.replace('/', '').replace(chr(10), ''), safe='')}/")
        visitor.heard += visitor.page.evaluate(_LOOK)

    assert visitor.heard == []
    assert member.heard == []


def test_a_refused_form_gives_hostile_words_back_as_words(product: Product, bo: Person):
    watched = Watched(bo.page, product.url)
    for text in PAYLOADS[::24]:
        bo.page.goto("/write/")
        bo.page.get_by_label("Title").evaluate("field => field.removeAttribute('maxlength')")
        bo.page.get_by_label("Title").fill(text.replace("\n", " ") + "x" * 201)
        bo.page.get_by_label("What do you want to say?").fill(text)
        bo.page.get_by_role("button", name="Post", exact=True).click()
        expect(bo.page.get_by_label("What do you want to say?")).to_have_value(text.strip())
        watched.heard += bo.page.evaluate(_LOOK)
    assert watched.heard == []


def test_staff_see_hostile_words_as_words(product: Product, bo: Person):
    make_staff(bo, product)
    watched = Watched(bo.page, product.url)
    for path in ("/admin/social/post/", "/admin/social/comment/", "/admin/social/hashtag/", "/admin/accounts/page/"):
        bo.page.goto(path)
        found = [words for words in bo.page.evaluate(_LOOK) if "ran" in words]
        watched.heard += found
    assert watched.heard == []
