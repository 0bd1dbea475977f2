"""Posts that are not out yet: kept by hand and by themselves, opened, published, thrown away."""

import re

from playwright.sync_api import Page, expect

from e2e.people import Person

WORDS = "What do you want to say?"


def begin(page: Page, words: str) -> None:
    page.goto("/write/")
    page.get_by_label(WORDS).fill(words)


def test_a_draft_is_kept_opened_and_published(ana: Person, visitor: Page):
    page = ana.page
    words = f"The market on Saturday. {ana.username}"
    begin(page, words)
    page.get_by_label("Title").fill("Stalls")
    page.get_by_role("button", name="Keep as draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Drafts")
    expect(page.locator("#notices")).to_contain_text("Your draft is kept.")
    visitor.goto(f"/@{ana.username}/")
    expect(visitor.get_by_text(words)).to_have_count(0)

    page.get_by_role("link", name=re.compile("Go on writing ?: Stalls")).click()
    expect(page.get_by_label("Title")).to_have_value("Stalls")
    expect(page.get_by_label(WORDS)).to_have_value(words)
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page).to_have_url(re.compile("/p/"))
    page.goto("/drafts/")
    expect(page.get_by_role("heading", name="No drafts")).to_be_visible()


def test_in_the_feed_it_is_put_away_in_place(ana: Person):
    page = ana.page
    page.goto("/")
    composer = page.locator("#composer")
    composer.get_by_label(WORDS).fill(f"Later perhaps. {ana.username}")
    composer.get_by_role("button", name="Keep as draft").click()
    expect(composer.get_by_label(WORDS)).to_have_value("")
    page.locator("#notices").get_by_role("link", name="Your drafts").click()
    expect(page.get_by_role("heading", name=f"Later perhaps. {ana.username}")).to_be_visible()


def test_words_are_kept_by_themselves_and_once(ana: Person):
    page = ana.page
    page.goto("/")
    composer = page.locator("#composer")
    field = composer.get_by_label(WORDS)
    field.fill(f"A long thought begins. {ana.username}")
    expect(composer.get_by_text("Draft kept at")).to_be_visible()
    with page.expect_response(re.compile("/drafts/autosave/")):
        field.press_sequentially(" And goes on.")
    page.goto("/drafts/")
    expect(page.locator(".draft")).to_have_count(1)
    expect(page.locator(".draft")).to_contain_text("And goes on.")

    page.get_by_role("link", name="Go on writing").click()
    page.get_by_role("button", name="Post", exact=True).click()
    page.wait_for_url(re.compile("/p/"))
    page.goto("/drafts/")
    expect(page.locator(".draft")).to_have_count(0)


def test_throwing_away_asks_first(ana: Person):
    page = ana.page
    begin(page, f"Something I do not mean. {ana.username}")
    page.get_by_role("button", name="Keep as draft").click()
    page.wait_for_url("**/drafts/")
    page.wait_for_load_state()
    page.get_by_role("link", name="Throw away").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Something I do not mean.")
    page.keyboard.press("Escape")
    expect(page.locator(".draft")).to_have_count(1)
    page.get_by_role("link", name="Throw away").click()
    dialog.get_by_role("button", name="Throw away").click()
    expect(page.get_by_role("heading", name="No drafts")).to_be_visible()


def test_the_counter_says_how_many_characters_are_left(ana: Person):
    page = ana.page
    begin(page, "🌧" * 100)
    counter = page.locator(".counter")
    expect(counter).to_have_text("Characters left: 1,900")
    page.get_by_label(WORDS).fill("x" * 2005)
    expect(counter).to_have_text("Characters too many: 5")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label(WORDS)).to_have_value("x" * 2005)


def test_another_members_draft_is_not_there(ana: Person, bo: Person):
    begin(ana.page, f"Only for me. {ana.username}")
    ana.page.get_by_role("button", name="Keep as draft").click()
    address = str(ana.page.get_by_role("link", name="Go on writing").get_attribute("href"))
    answer = bo.page.goto(address)
    assert answer and answer.status == 404
    expect(bo.page.get_by_text("Only for me.")).to_have_count(0)


def test_a_draft_without_scripts(join):
    page = join("Cato", java_script_enabled=False).page
    begin(page, "Written by candlelight.")
    page.get_by_role("button", name="Keep as draft").click()
    page.get_by_role("link", name="Go on writing").click()
    page.get_by_label(WORDS).fill("Written by candlelight, and finished.")
    page.get_by_role("button", name="Keep as draft").click()
    expect(page.locator(".draft")).to_have_count(1)
    page.get_by_role("link", name="Go on writing").click()
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_text("and finished.")).to_be_visible()
    page.goto("/drafts/")
    expect(page.get_by_role("heading", name="No drafts")).to_be_visible()
