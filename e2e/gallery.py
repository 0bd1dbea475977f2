"""The pages there are, each under a name and an address, and who may see it. One list for pictures and for checks."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from playwright.sync_api import Page

from e2e.browser import DESK, PHONE

WIDTHS = {"390": PHONE, "1280": DESK}
THEMES = ("light", "dark")
# Words of the demo's posts by what these carry.
CARRYING = {
    "pictures": '"quiet route"',
    "poll": "knife if only one",
    "bounty": "ask strangers",
    "coauthors": "critique wanted",
}


@dataclass(frozen=True)
class Place:
    """One page as one person sees it. `then` brings it into the state that is worth looking at."""

    name: str
    path: str
    then: Callable[[Page], None] | None = None
    is_missing: bool = False  # answers 404 on purpose


def open_place(page: Page, place: Place) -> int:
    """Go there and bring it into its state; the status of the page itself."""
    answer = page.goto(place.path)
    if place.then:
        place.then(page)
        page.wait_for_load_state("networkidle")
    return answer.status if answer else 0


def looks(page: Page) -> Iterator[tuple[str, str]]:
    """The same page in every width and theme, without loading it again: (width, theme)."""
    for width, viewport in WIDTHS.items():
        page.set_viewport_size(viewport)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
            page.evaluate(_SETTLED)
            yield width, theme


# Colours take a moment to pass from one theme to the other; half-way they have no contrast.
_SETTLED = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const passing = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
  await Promise.allSettled(passing.map((animation) => animation.finished));
}"""


def open_tip_form(page: Page) -> None:
    page.locator("article.post .tips").get_by_role("link", name=re.compile("^Tip")).first.click()
    page.locator("form.tip-form input[name=amount]").fill("3.33")
    page.locator(".preview", has_text="You keep").wait_for()


def refuse_tip(page: Page) -> None:
    open_tip_form(page)
    page.locator("form.tip-form").evaluate("(form) => { form.noValidate = true }")
    page.locator("form.tip-form input[name=amount]").fill("12")
    page.get_by_role("button", name="Give this tip").click()
    page.locator(".tips").get_by_role("alert").wait_for()


def open_answer(page: Page) -> None:
    page.get_by_role("link", name=re.compile("^Reply to")).first.click()
    page.get_by_role("form", name=re.compile("^Answer to")).wait_for()


def open_account_menu(page: Page) -> None:
    page.get_by_label(re.compile("^Account of")).click()


def refuse_phone(page: Page) -> None:
    page.get_by_label("Phone number").fill("12")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_role("alert").wait_for()


def refuse_password(page: Page) -> None:
    page.get_by_label("E-mail address").fill("nobody@example.org")
    page.get_by_label("Password").fill("nothing at all")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()


def ask_for_link(page: Page) -> None:
    page.get_by_label("E-mail address").fill("nobody@example.org")
    page.get_by_role("button", name="Send me a link").click()
    page.get_by_role("heading", name="Look into your mailbox").wait_for()


def ask_for_code(number: str) -> Callable[[Page], None]:
    def ask(page: Page) -> None:
        page.get_by_label("Phone number").fill(number)
        page.get_by_role("button", name="Send me a code").click()
        page.get_by_label("Code").wait_for()

    return ask


def refuse_gift(page: Page) -> None:
    page.get_by_label("To", exact=True).fill("nobody_of_that_name")
    page.get_by_label("Coins").fill("12.50")
    page.locator("main form").get_by_role("button").last.click()
    page.get_by_role("alert").wait_for()


def open_numbers(page: Page) -> None:
    for numbers in page.locator("main details.chart-numbers > summary").all():
        numbers.click()


def newest_movement(page: Page) -> str:
    """The receipt of the newest movement of the member who is signed in."""
    page.goto("/wallet/")
    return str(page.locator("#statement tbody a.strong").first.get_attribute("href"))


def newest_week(page: Page) -> str:
    """The newest weekly run; nothing where no week has been run yet."""
    page.goto("/economy/runs/")
    weeks = page.locator("main tbody a")
    return str(weeks.first.get_attribute("href")) if weeks.count() else ""


def ask_to_remove(page: Page) -> None:
    page.get_by_label("More about this post").first.click()
    page.get_by_role("link", name="Remove").first.click()
    page.get_by_role("dialog").wait_for()


def open_why(page: Page) -> None:
    page.locator(".why > summary").first.click()


def open_parts(page: Page) -> None:
    page.locator("details.composer-part").evaluate_all("(parts) => parts.forEach((part) => { part.open = true })")


def refuse_post(page: Page) -> None:
    open_parts(page)
    page.locator("main form").evaluate("(form) => { form.noValidate = true }")
    page.get_by_label("Answer 1").fill("Only one answer")
    page.locator("main form").get_by_role("button", name="Post", exact=True).click()
    page.get_by_role("alert").first.wait_for()


def posts_that_carry(page: Page) -> dict[str, str]:
    """Posts of the demo by what they carry."""
    found = {}
    for what, words in CARRYING.items():
        page.goto(f"/search/?type=posts&q={quote(words)}")
        found[what] = str(page.locator(".result-title a").first.get_attribute("href"))
    return found


def that_carry(posts: dict[str, str]) -> list[Place]:
    """Each of these posts; `posts` maps what it carries to its address."""
    return [Place(f"post-{what}", path) for what, path in posts.items()]


def for_visitors(*, post: str, username: str, number: str, week: str = "") -> list[Place]:
    """What people see who have not signed in. `week` is a weekly run, where there is one."""
    return [
        Place("feed", "/"),
        Place("trending", "/trending/"),
        Place("new", "/new/"),
        Place("gems", "/gems/"),
        Place("post", post),
        Place("page", f"/@{username}/"),
        Place("followers", f"/@{username}/followers/"),
        Place("search", "/search/"),
        Place("search-found", "/search/?q=garden"),
        Place("search-nothing", "/search/?q=zephyrq"),
        Place("tag", "/tags/garden/"),
        Place("tag-empty", "/tags/nobody_used_this/"),
        Place("signin", "/signin/"),
        Place("signin-refused", "/signin/", refuse_phone),
        Place("code", "/signin/", ask_for_code(number)),
        Place("password", "/signin/password/"),
        Place("password-refused", "/signin/password/", refuse_password),
        Place("new-password", "/signin/reset/"),
        Place("new-password-sent", "/signin/reset/", ask_for_link),
        Place("economy", "/economy/"),
        Place("economy-numbers", "/economy/", open_numbers),
        Place("weeks", "/economy/runs/"),
        *([Place("week", week)] if week else []),
        Place("not-found", "/p/00000000-0000-7000-8000-000000000000/", is_missing=True),
        Place("outbox", "/dev/outbox/"),
    ]


def of_coins(*, movement: str, week: str = "") -> list[Place]:
    """The wallet's pages. `movement` is a receipt, `week` a weekly run, where there is one."""
    year = datetime.now(UTC).year
    return [
        Place("wallet", "/wallet/"),
        Place("wallet-filtered", f"/wallet/?since={year}-01-01&until={year}-12-31"),
        Place("wallet-movement", movement),
        Place("wallet-taxes", "/wallet/taxes/"),
        Place("wallet-stipends", "/wallet/stipends/"),
        Place("wallet-year", f"/wallet/year/{year}/"),
        Place("wallet-year-numbers", f"/wallet/year/{year}/", open_numbers),
        Place("wallet-vault", "/wallet/vault/"),
        Place("wallet-rewards", "/wallet/rewards/"),
        Place("wallet-withdrawals", "/wallet/withdrawals/"),
        Place("weeks", "/economy/runs/"),
        *([Place("week", week)] if week else []),
    ]


def for_members(*, post: str, own_post: str, username: str) -> list[Place]:
    """What a member sees. `post` is somebody else's, with comments."""
    return [
        Place("feed", "/"),
        Place("menu", "/", open_account_menu),
        Place("why", "/", open_why),
        Place("following", "/following/"),
        Place("trending", "/trending/"),
        Place("gems", "/gems/"),
        Place("choose-feeds", "/settings/feeds/"),
        Place("post", post),
        Place("post-tipping", post, open_tip_form),
        Place("post-tip-refused", post, refuse_tip),
        Place("post-answering", post, open_answer),
        Place("post-oldest", f"{post}?sort=old"),
        Place("tippers", f"{post}tippers/"),
        Place("usual-tip", "/settings/tips/"),
        Place("post-removing", own_post, ask_to_remove),
        Place("post-edit", f"{own_post}edit/"),
        Place("tip", f"{post}tip/?amount=2"),
        Place("page", f"/@{username}/"),
        Place("write", "/write/"),
        Place("write-parts", "/write/", open_parts),
        Place("write-refused", "/write/", refuse_post),
        Place("drafts", "/drafts/"),
        Place("gift", "/wallet/gift/"),
        Place("gift-refused", "/wallet/gift/", refuse_gift),
        Place("economy", "/economy/"),
        Place("not-found", "/p/00000000-0000-7000-8000-000000000000/", is_missing=True),
        Place("forbidden", f"{post}edit/"),
    ]


def for_newcomers(*, own: str) -> list[Place]:
    """The same house before anything has happened to a member."""
    return [
        Place("following-empty", "/following/"),
        Place("page-empty", f"/@{own}/"),
        Place("wallet-new", "/wallet/"),
        Place("wallet-filtered-empty", "/wallet/?kind=TIP&since=2001-01-01&until=2001-01-02"),
        Place("wallet-filter-refused", "/wallet/?who=nobody_here&since=2001-01-02&until=2001-01-01"),
        Place("wallet-taxes-empty", "/wallet/taxes/"),
        Place("wallet-stipends-empty", "/wallet/stipends/"),
        Place("wallet-vault-empty", "/wallet/vault/"),
    ]
