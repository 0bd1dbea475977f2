"""Every page, in both widths and both themes: nothing for axe to find, nothing that sticks out, nothing that jumps."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from e2e import gallery
from e2e.access import findings
from e2e.browser import DESK, NARROWEST, PHONE, new_context, overflow
from e2e.people import Person, fresh_number, sign_in
from e2e.product import Product

LARGEST_SHIFT = 0.02  # of the screen, added up while a page loads; 0.1 is what the web calls good


@pytest.fixture(scope="module")
def scene(browser: Browser, product: Product) -> dict[str, str]:
    """A page of long words, a post with an answer, a tip and a comment: what makes layouts break."""
    people = {}
    for name in ("Wilhelmine Oberhuber-Kirchberger", "Bo"):
        context, _ = new_context(browser, product.url)
        person = Person(name, f"{name.split()[0].lower()}_of_the_scene", fresh_number(), context, context.new_page())
        sign_in(context, person.number, username=person.username, display_name=name)
        people[name] = person
    author, bo = people.values()
    post = author.writes(
        "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenhersteller met again, at "
        "https://example.org/a/very/long/address/that/nobody/would/ever/want/to/type/into/anything/at/all?really=yes\n\n"
        "- the minutes are here\n- so are **we**\n\n> and someone said so",
        "What we talked about for much longer than anybody had planned to stay",
    )
    bo.page.goto(post)
    for words in ("A first comment, which is short.", "x" * 300):
        form = bo.page.locator("#comment-form")
        form.get_by_role("textbox").fill(words)
        form.get_by_role("button", name="Comment").click()
        expect(bo.page.locator(".comment", has_text=words[:40])).to_be_visible()
    bo.page.goto(f"{post}tip/")
    bo.page.locator("input[name=amount]").fill("3.33")
    bo.page.get_by_role("button", name="Give this tip").click()
    expect(bo.page.locator(".own-tip")).to_be_visible()
    for person in people.values():
        person.context.close()
    return {"post": post, "username": author.username}


@pytest.fixture
def places(
    request: pytest.FixtureRequest, scene: dict[str, str], join: Callable[..., Person]
) -> tuple[Page, list[gallery.Place]]:
    """A browser and the pages to open with it, as visitor, member (their coins apart) or newcomer."""
    if request.param == "visitor":
        page = request.getfixturevalue("open_browser")().new_page()
        return page, gallery.for_visitors(**scene, number=fresh_number())
    person = join("Maximiliana")
    if request.param == "newcomer":
        return person.page, gallery.for_newcomers(own=person.username)
    own_post = person.writes(f"My own words. {person.username}", "A title of mine")
    if request.param == "coins":
        week = gallery.newest_week(person.page)
        return person.page, gallery.of_coins(movement=gallery.newest_movement(person.page), week=week)
    return person.page, gallery.for_members(**scene, own_post=own_post)


WHO = pytest.mark.parametrize("places", ["visitor", "member", "coins", "newcomer"], indirect=True)


@WHO
def test_axe_finds_nothing_in_any_width_or_theme(places: tuple[Page, list[gallery.Place]]):
    page, list_of_places = places
    found = []
    for place in list_of_places:
        status = gallery.open_place(page, place)
        assert place.is_missing == (status == 404), f"{place.name} answered {status}"
        for width, theme in gallery.looks(page):
            # The themes differ in their colours alone.
            rules = ("color-contrast",) if theme == "dark" else ()
            found += [f"{place.name} at {width}, {theme}: {finding}" for finding in findings(page, only=rules)]
    assert not found, "\n".join(found)


@WHO
def test_nothing_sticks_out_at_320_pixels(places: tuple[Page, list[gallery.Place]]):
    page, list_of_places = places
    page.set_viewport_size(NARROWEST)
    found = {}
    for place in list_of_places:
        gallery.open_place(page, place)
        if wide := overflow(page):
            found[place.name] = wide
    assert not found


@WHO
def test_nothing_jumps_as_it_loads(places: tuple[Page, list[gallery.Place]]):
    page, list_of_places = places
    found = {}
    for viewport in (PHONE, DESK):
        page.set_viewport_size(viewport)
        for place in list_of_places:
            page.goto(place.path)
            page.wait_for_timeout(100)  # what comes after the load, such as a clock that starts to tick
            shift = page.evaluate("window.layoutShift")
            if shift > LARGEST_SHIFT:
                found[f"{place.name} at {viewport['width']}"] = round(shift, 3)
    assert not found


def test_targets_are_large_enough_for_a_thumb(ana: Person, scene: dict[str, str]):
    """44 px, but for links inside sentences."""
    page = ana.page
    page.set_viewport_size(PHONE)
    small = {}
    for path in ("/", scene["post"], "/wallet/", "/wallet/gift/", f"/@{scene['username']}/"):
        page.goto(path)
        found = page.evaluate(
            """() => [...document.querySelectorAll("a, button, summary, select, input:not([type=hidden])")]
              .filter((element) => element.checkVisibility())
              .filter((element) => !element.closest("p, td, dd, li > span, .words, .skip-link"))
              .map((element) => [element, element.getBoundingClientRect()])
              .filter(([element, box]) => box.width > 0 && (box.height < 43.5 || box.width < 43.5))
              .map(([element, box]) => {
                const words = element.textContent.trim().replace(/\\s+/g, " ").slice(0, 30);
                return `${element.tagName} "${words}" ${Math.round(box.width)}×${Math.round(box.height)}`;
              })"""
        )
        if found:
            small[path] = found
    assert not small


def test_the_theme_switch_is_kept(visitor: Page):
    visitor.emulate_media(color_scheme="light")
    visitor.goto("/")
    light = background(visitor)
    switch = visitor.locator("[data-theme-switch]:visible")
    if switch.count() == 0:
        visitor.get_by_text("More").click()
    expect(switch).to_have_accessible_name("Theme: system")
    switch.click()
    expect(switch).to_have_accessible_name("Theme: light")
    switch.click()
    expect(switch).to_have_accessible_name("Theme: dark")
    dark = background(visitor)
    assert dark != light

    visitor.goto("/economy/")
    assert background(visitor) == dark
    expect(visitor.locator("[data-theme-switch]:visible")).to_have_accessible_name("Theme: dark")
    visitor.locator("[data-theme-switch]:visible").click()
    visitor.reload()
    assert background(visitor) == light


def test_the_system_decides_when_nobody_chose(open_browser: Callable[..., BrowserContext]):
    seen = []
    for theme in gallery.THEMES:
        page = open_browser(color_scheme=theme, java_script_enabled=False).new_page()
        page.goto("/")
        seen.append(background(page))
    assert seen[0] != seen[1]


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))
