"""Posts and comments: written in place, with their price said before."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.browser import PHONE
from e2e.people import Person


def comment(page: Page, words: str) -> None:
    form = page.get_by_role("form", name="New comment")
    form.get_by_role("textbox").fill(words)
    form.get_by_role("button", name="Comment").click()
    expect(page.locator(".comment", has_text=words)).to_be_visible()


def test_a_post_from_the_feed_appears_in_place(ana: Person, visitor: Page):
    page = ana.page
    page.goto("/")
    words = f"The first plums are ripe behind the library, says {ana.username}."
    composer = page.locator("#composer")
    composer.get_by_role("textbox").fill(words)
    composer.get_by_role("button", name="Post").click()

    expect(page.locator("article.post", has_text=words)).to_be_visible()
    expect(composer.get_by_role("textbox")).to_have_value("")
    expect(page).to_have_url(re.compile(r"/$"))
    visitor.goto(f"/@{ana.username}/")
    expect(visitor.locator("article.post", has_text=words)).to_be_visible()


def test_on_a_phone_the_composer_is_one_line_until_one_begins(join: Callable[..., Person]):
    phone = join("Elin", viewport=PHONE)
    page = phone.page
    page.goto("/")
    composer = page.locator("#composer")
    post = composer.get_by_role("button", name="Post")
    expect(post).to_be_hidden()
    composer.get_by_role("textbox").click()
    composer.get_by_text("Poll", exact=True).click()
    expect(composer.get_by_label("Answer 1")).to_be_visible()
    page.locator("h1").click()  # away from it, and nothing folds up
    expect(post).to_be_visible()
    composer.get_by_role("textbox", name="What do you want to say?").fill(f"From the tram. {phone.username}")
    composer.get_by_text("Poll", exact=True).click()
    post.click()
    expect(page.locator("article.post", has_text="From the tram.").first).to_be_visible()
    expect(post).to_be_hidden()


def test_on_a_phone_the_page_for_writing_shows_all_of_it(join: Callable[..., Person]):
    page = join("Edda", viewport=PHONE).page
    page.goto("/write/")
    expect(page.get_by_role("button", name="Post", exact=True)).to_be_visible()
    expect(page.get_by_text("Poll", exact=True)).to_be_visible()


def test_on_a_phone_what_is_refused_stays_open(join: Callable[..., Person]):
    phone = join("Emil", viewport=PHONE)
    words = f"Nobody says a thing twice. {phone.username}"
    phone.writes(words)
    phone.page.goto("/")
    composer = phone.page.locator("#composer")
    composer.get_by_role("textbox").fill(words)
    composer.get_by_role("button", name="Post").click()
    expect(composer.get_by_role("alert")).not_to_be_empty()
    expect(composer.get_by_role("textbox", name="What do you want to say?")).to_have_value(words)
    expect(composer.get_by_role("button", name="Post")).to_be_visible()


def test_on_a_phone_without_scripts_all_of_the_composer_is_there(join: Callable[..., Person]):
    page = join("Etta", viewport=PHONE, java_script_enabled=False).page
    page.goto("/")
    expect(page.locator("#composer").get_by_role("button", name="Post")).to_be_visible()


def test_a_post_with_a_title_has_a_page_of_that_name(ana: Person):
    page = ana.page
    page.goto("/write/")
    page.get_by_label("Title").fill("A list of what the allotment needs")
    page.get_by_label("What do you want to say?").fill(f"Twine, patience and **rain**. {ana.username}")
    page.get_by_role("button", name="Post").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("A list of what the allotment needs")
    expect(page).to_have_title(re.compile("^A list of what the allotment needs"))
    expect(page.locator("#notices")).to_contain_text("Your post is out.")


def test_an_empty_post_is_refused_in_words(ana: Person):
    ana.page.goto("/write/")
    ana.page.locator("form:has(textarea)").evaluate("(form) => { form.noValidate = true }")
    ana.page.get_by_role("button", name="Post").click()
    expect(ana.page.get_by_role("alert")).to_be_visible()
    expect(ana.page.get_by_role("alert")).to_be_focused()


def test_the_same_words_twice_are_refused_and_stay_in_the_form(ana: Person):
    words = f"Nobody reads a thing twice. {ana.username}"
    ana.writes(words)
    ana.page.goto("/write/")
    ana.page.get_by_label("What do you want to say?").fill(words)
    ana.page.get_by_role("button", name="Post").click()
    expect(ana.page.get_by_role("alert")).not_to_be_empty()
    expect(ana.page.get_by_label("What do you want to say?")).to_have_value(words)


def test_what_a_second_post_costs_is_said_before(ana: Person):
    ana.writes(f"One. {ana.username}")
    ana.page.goto("/write/")
    expect(ana.page.locator("form:has(textarea)")).to_contain_text("0.50")
    ana.page.get_by_label("What do you want to say?").fill(f"Two. {ana.username}")
    ana.page.get_by_role("button", name="Post").click()
    expect(ana.page.locator("#balance")).to_contain_text("99.50")


def test_the_third_comment_costs_half_a_coin_and_the_page_says_so_before(ana: Person, bo: Person):
    post = ana.writes(f"What do you think of the new bridge? {ana.username}")
    page = bo.page
    page.goto(post)
    price = page.locator("#comment-form .price")

    expect(price).to_contain_text("2 free comments left today")
    comment(page, "It is wide.")
    expect(price).to_contain_text("1 free comment left today")
    comment(page, "And it holds.")
    expect(price).to_contain_text(re.compile(r"costs\s+0\.50.*0\.15.*Ana.*0\.10.*treasury.*0\.25.*burned", re.S))
    expect(page.locator("#balance")).to_contain_text("100.00")
    comment(page, "And it is ours.")
    expect(page.locator("#balance")).to_contain_text("99.50")
    expect(page.get_by_role("heading", name="3 comments")).to_be_visible()
    assert bo.available == "99.50"
    assert ana.available == "100.15"


def test_an_answer_stands_below_its_comment(ana: Person, bo: Person):
    post = ana.writes(f"Soup or salad? {ana.username}")
    bo.page.goto(post)
    comment(bo.page, "Soup, always.")

    ana.page.goto(post)
    ana.page.get_by_role("link", name="Reply to Bo").click()
    form = ana.page.get_by_role("form", name="Answer to Bo")
    form.get_by_role("textbox").fill("Even in July?")
    form.get_by_role("button", name="Answer").click()

    answer = ana.page.locator(".comment.depth-1", has_text="Even in July?")
    expect(answer).to_be_visible()
    expect(answer).to_contain_text("wrote the post")


def test_removing_a_post_asks_first_in_a_dialog_and_esc_keeps_it(ana: Person):
    post = ana.writes(f"Something I will regret. {ana.username}")
    page = ana.page
    page.goto(post)
    more = page.get_by_label("More about this post")
    more.click()
    page.get_by_role("link", name="Remove").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Remove this post?")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    more.click()
    page.get_by_role("link", name="Remove").click()
    dialog.get_by_role("button", name="Remove").click()
    expect(page.locator("#notices")).to_contain_text("The post is removed.")
    assert page.goto(post).status == 404


def test_a_post_can_be_changed(ana: Person, visitor: Page):
    post = ana.writes(f"Teh best bread. {ana.username}")
    ana.page.goto(f"{post}edit/")
    ana.page.locator("textarea").fill(f"The best bread. {ana.username}")
    ana.page.get_by_role("button", name=re.compile("Save|Change")).click()
    visitor.goto(post)
    expect(visitor.locator("article.post")).to_contain_text("The best bread.")
    # In its first minutes a change leaves no mark.
    expect(visitor.locator("article.post")).not_to_contain_text("edited")


def test_markup_in_a_post_is_words_not_script(ana: Person, visitor: Page):
    post = ana.writes(f"<script>document.title='stolen'</script><img src=x onerror=alert(1)> {ana.username}")
    visitor.goto(post)
    expect(visitor.locator("article.post .words")).to_contain_text("<script>")
    expect(visitor).not_to_have_title("stolen")
    expect(visitor.locator("article.post .words img, article.post .words script")).to_have_count(0)


def test_words_are_formatted_name_others_and_are_filed(ana: Person, bo: Person, visitor: Page):
    page = ana.page
    page.goto("/write/")
    page.get_by_text("How to format").click()
    expect(page.locator(".formatting")).to_contain_text("a link to that page, whose member hears of it")
    words = f"**Twine** for @{bo.username}\n\n- one\n- two\n\n#allotment_{ana.username}"
    page.get_by_label("What do you want to say?").fill(words)
    page.get_by_role("button", name="Post", exact=True).click()

    post = page.locator("article.post")
    expect(post.locator("strong")).to_have_text("Twine")
    expect(post.get_by_role("listitem")).to_have_count(2)
    expect(post.get_by_role("link", name=f"@{bo.username}")).to_have_attribute("href", f"/@{bo.username}/")
    post.get_by_role("link", name="#allotment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"#allotment_{ana.username}")
    expect(page.locator("article.post")).to_contain_text("Twine")
    bo.page.goto("/notifications/")
    expect(bo.page.locator("main")).to_contain_text("Ana mentioned you")
