"""Pictures in posts: chosen, described, put in order, shown; with scripts and without."""

import io
import re
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from e2e.browser import PHONE, overflow
from e2e.people import Person
from e2e.test_pictures import BAD

WORDS = "What do you want to say?"


def a_picture(name: str = "a.jpg", size: tuple[int, int] = (1200, 800)) -> Any:
    kept = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(kept, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": kept.getvalue()}


def begin(page: Page, words: str, path: str = "/write/") -> Locator:
    page.goto(path)
    page.get_by_label(WORDS).fill(words)
    page.locator("summary", has_text="Pictures").click()
    return page.locator(".pictures")


def choose(pictures: Locator, *files: Any) -> None:
    before = pictures.locator("[name='pictures-kept']").count()
    pictures.locator("[data-choose]").set_input_files(list(files))
    expect(pictures.locator("[name='pictures-kept']")).to_have_count(before + len(files))


def test_pictures_are_described_put_in_order_and_shown_in_the_feed(ana: Person, visitor: Page):
    page = ana.page
    words = f"Two of the harbour. {ana.username}"
    pictures = begin(page, words, "/")
    choose(pictures, a_picture(), a_picture(size=(500, 900)), a_picture(size=(40, 40)))
    described = pictures.get_by_label("What is to be seen on it")
    for number, alt in enumerate(("The mole", "The crane", "A speck")):
        described.nth(number).fill(alt)
    pictures.get_by_role("button", name="Later").nth(0).click()
    expect(pictures.get_by_role("button", name="Later").nth(1)).to_be_focused()
    pictures.get_by_role("button", name="Leave out").nth(2).click()
    page.locator("#composer").get_by_role("button", name="Post", exact=True).click()

    card = page.locator("article.post", has_text=words)
    expect(card.locator(".gallery img")).to_have_count(2)
    assert [image.get_attribute("alt") for image in card.locator(".gallery img").all()] == ["The crane", "The mole"]
    visitor.goto(f"/@{ana.username}/")
    seen = visitor.get_by_role("img", name="The crane")
    seen.scroll_into_view_if_needed()
    expect(seen).to_have_js_property("complete", True)
    assert seen.evaluate("(image) => image.naturalWidth") > 0
    assert visitor.evaluate("window.layoutShift") < 0.01


def test_a_picture_opens_large_and_arrows_lead_to_the_next(ana: Person):
    page = ana.page
    pictures = begin(page, f"Large ones. {ana.username}")
    choose(pictures, a_picture(), a_picture())
    for number, alt in enumerate(("First", "Second")):
        pictures.get_by_label("What is to be seen on it").nth(number).fill(alt)
    page.get_by_role("button", name="Post", exact=True).click()
    page.wait_for_url("**/p/**")  # with its scripts
    first = page.locator(".gallery-link").first
    first.focus()
    page.keyboard.press("Enter")
    frame = page.locator(".gallery-frame")
    expect(frame.get_by_role("img", name="First")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(frame.get_by_role("img", name="Second")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(frame.get_by_role("img", name="First")).to_be_visible()
    page.keyboard.press("Escape")
    expect(frame).to_be_hidden()
    expect(first).to_be_focused()


def test_a_fifth_picture_has_no_place(ana: Person):
    pictures = begin(ana.page, f"Four. {ana.username}")
    choose(pictures, *[a_picture(size=(60, 60)) for _ in range(4)])
    expect(pictures.get_by_text("Choose pictures")).to_be_hidden()


@pytest.mark.parametrize(("name", "kind", "content", "words"), BAD.values(), ids=BAD)
def test_what_is_no_good_picture_is_refused_in_words(ana: Person, name: str, kind: str, content: bytes, words: str):
    page = ana.page
    pictures = begin(page, f"Not this one. {ana.username}")
    pictures.locator("[data-choose]").set_input_files({"name": name, "mimeType": kind, "buffer": content})
    expect(pictures.locator("[data-said]")).to_contain_text(words)
    expect(pictures.locator(".picture-kept")).to_have_count(0)
    expect(page.get_by_role("button", name="Post", exact=True)).to_be_enabled()


def test_pictures_outlive_a_refusal_and_wait_in_a_draft(ana: Person):
    page = ana.page
    pictures = begin(page, " ", "/")
    choose(pictures, a_picture())
    pictures.locator(".picture-kept").get_by_label("What is to be seen on it").fill("A bridge")
    composer = page.locator("#composer")
    composer.evaluate("(form) => { form.noValidate = true }")
    composer.get_by_role("button", name="Post", exact=True).click()
    expect(composer.get_by_role("alert").first).to_be_visible()
    expect(composer.get_by_label("What is to be seen on it").first).to_have_value("A bridge")
    composer.get_by_role("button", name="Keep as draft").click()
    page.goto("/drafts/")
    expect(page.get_by_role("img", name="A bridge")).to_be_visible()
    page.get_by_role("link", name="Go on writing").click()
    expect(page.locator(".pictures [name='pictures-kept']")).to_have_count(1)


def test_on_a_phone_nothing_sticks_out(join):
    page = join("Dido", viewport=PHONE).page
    pictures = begin(page, "On the way.", "/")
    choose(pictures, a_picture(), a_picture())
    assert overflow(page) == []
    page.locator("#composer").get_by_role("button", name="Post", exact=True).click()
    expect(page.locator("article.post .gallery-2").first).to_be_visible()
    assert overflow(page) == []


def test_pictures_without_scripts(join):
    page = join("Cleo", java_script_enabled=False).page
    pictures = begin(page, " ")
    pictures.get_by_label("Picture 1").set_input_files(a_picture())
    pictures.get_by_label("What is to be seen on it").nth(0).fill("A well")
    pictures.get_by_label("Picture 2").set_input_files(a_picture())
    page.locator("form.composer").evaluate("(form) => { form.noValidate = true }")
    page.get_by_role("button", name="Post", exact=True).click()
    # Refused without words; the pictures are kept.
    expect(pictures.locator("img")).to_have_count(2)
    expect(pictures.get_by_label("What is to be seen on it").nth(0)).to_have_value("A well")
    pictures.get_by_label("Leave this picture out").nth(1).check()
    page.get_by_label(WORDS).fill("The well in the yard.")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page).to_have_url(re.compile("/p/"))
    expect(page.locator(".gallery img")).to_have_count(1)
    # What Chromium draws around a picture of its own needs styles that the picture's policy forbids: only asked for.
    address = str(page.get_by_role("link", name="A well").get_attribute("href"))
    assert re.fullmatch(r"/media/pictures/[0-9a-f]{32}-1600\.webp", address)
    assert page.request.get(address).headers["content-type"] == "image/webp"
