"""Tips in place: what one will do, what it did, and taking it back."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.people import Person


@pytest.fixture
def post(ana: Person) -> str:
    return ana.writes(f"A bench in the sun is better than two in the shade. {ana.username}", "On benches")


def tips_of(page: Page) -> Locator:
    return page.locator("article.post .tips")


def open_form(page: Page) -> Locator:
    tips_of(page).get_by_role("link", name=re.compile("^Tip")).click()
    form = page.get_by_role("form", name=re.compile("^Tip "))
    expect(form).to_be_visible()
    return form


def give(page: Page, coins: str) -> None:
    form = open_form(page)
    form.get_by_role("textbox").or_(form.get_by_role("spinbutton")).fill(coins)
    form.get_by_role("button", name="Give this tip").click()
    expect(tips_of(page).get_by_role("status")).to_contain_text(f"You tipped {coins} coins")


def test_a_tip_says_before_and_after_what_happens_and_can_be_taken_back(ana: Person, bo: Person, post: str):
    page = bo.page
    page.goto(post)

    form = open_form(page)
    form.locator("input[name=amount]").fill("3.33")
    preview = form.locator(".preview")
    expect(preview).to_contain_text(re.compile(r"You keep\s+96\.67"))
    expect(preview).to_contain_text(re.compile(r"Ana gets\s+2\.01.*in 24 h unless you take it back", re.S))
    expect(preview).to_contain_text(re.compile(r"0\.66.*treasury.*0\.66.*burned", re.S))
    form.get_by_role("button", name="Give this tip").click()

    said = tips_of(page).get_by_role("status")
    expect(said).to_contain_text("You tipped 3.33 coins. Ana gets 2.01 coins unless you take it back in time.")
    expect(said).to_be_focused()
    expect(page).to_have_url(re.compile(f"{post}$"))  # in place
    expect(page.locator("#balance")).to_contain_text("96.67")
    expect(tips_of(page)).to_contain_text("from 1 member")
    own = page.locator(".own-tip")
    expect(own).to_contain_text(re.compile(r"You tipped\s+3\.33"))
    expect(own.locator("time")).to_have_text(re.compile(r"^(23 h( \d+ min)?|1 d)$"))

    own.get_by_role("button", name="Take back").click()
    expect(tips_of(page).get_by_role("status")).to_contain_text("3.33 coins are yours again.")
    expect(page.locator("#balance")).to_contain_text("100.00")
    expect(page.locator(".own-tip")).to_have_count(0)
    expect(tips_of(page)).to_contain_text("No tips yet")

    give(page, "3.33")
    assert bo.available == "96.67"
    page.reload()
    expect(page.locator(".own-tip")).to_have_count(1)
    ana.page.goto(post)
    expect(tips_of(ana.page)).to_contain_text(re.compile(r"3\.33\s.*from 1 member", re.S))


def test_a_double_click_tips_once(bo: Person, post: str):
    page = bo.page
    page.goto(post)
    form = open_form(page)
    form.locator("input[name=amount]").fill("2.00")

    form.get_by_role("button", name="Give this tip").dblclick(no_wait_after=True)

    expect(tips_of(page).get_by_role("status")).to_contain_text("You tipped 2.00 coins")
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(page.locator(".own-tip")).to_have_count(1)
    assert bo.available == "98.00"


def test_sending_the_same_form_again_tips_once(bo: Person, post: str):
    """Two tabs, a lost answer, an impatient finger: the form's key is the command's name."""
    page = bo.page
    page.goto(post)
    form = open_form(page)
    fields = form.evaluate("(form) => Object.fromEntries(new FormData(form))") | {"amount": "2.00"}
    headers = {"Referer": page.url}

    answers = [page.request.post(f"{post}tip/", form=fields, headers=headers, max_redirects=0) for _ in range(3)]

    assert {answer.status for answer in answers} == {302}
    assert bo.available == "98.00"


@pytest.mark.parametrize("coins", ["0.50", "10.01", "-3", "a lot", "1.005"])
def test_an_amount_that_cannot_be_is_refused_in_words_and_moves_nothing(bo: Person, post: str, coins: str):
    page = bo.page
    page.goto(post)
    form = open_form(page)
    # Chromium's own check would stop it; what the server says is what counts.
    form.evaluate("(form) => { form.noValidate = true; form.elements.amount.type = 'text' }")
    form.locator("input[name=amount]").fill(coins)
    form.get_by_role("button", name="Give this tip").click()

    refusal = tips_of(page).get_by_role("alert")
    expect(refusal).to_be_visible()
    expect(refusal).not_to_be_empty()
    if coins != "a lot":  # a field for numbers shows no words
        expect(page.locator("input[name=amount]")).to_have_value(coins)
    assert bo.available == "100.00"


def test_more_than_ten_on_one_post_is_refused_and_told(bo: Person, post: str):
    bo.page.goto(post)
    give(bo.page, "8.00")
    form = open_form(bo.page)
    form.locator("input[name=amount]").fill("3.00")
    form.get_by_role("button", name="Give this tip").click()

    expect(tips_of(bo.page).get_by_role("alert")).to_contain_text("10.00")
    assert bo.available == "92.00"


def test_one_does_not_tip_oneself(ana: Person, post: str):
    ana.page.goto(post)
    expect(tips_of(ana.page).get_by_role("link", name=re.compile("^Tip"))).to_have_count(0)


def press_until(page: Page, key: str, wanted: Locator, most: int = 80) -> None:
    for _ in range(most):
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{wanted} is not reached with {key}")


def test_a_tip_by_keyboard_alone_with_the_focus_always_visible(bo: Person, post: str):
    page = bo.page
    page.goto(post)

    press_until(page, "Tab", tips_of(page).get_by_role("link", name=re.compile("^Tip")))
    assert outline(page), "the focus cannot be seen on the link"
    page.keyboard.press("Enter")
    amount = page.locator("input[name=amount]")
    amount.wait_for()
    press_until(page, "Tab", amount)
    assert outline(page), "the focus cannot be seen on the amount"
    page.keyboard.press("Control+a")
    page.keyboard.type("1.25")
    page.keyboard.press("Enter")
    expect(tips_of(page).get_by_role("status")).to_be_focused()
    expect(tips_of(page).get_by_role("status")).to_contain_text("You tipped 1.25 coins")

    press_until(page, "Tab", page.get_by_role("button", name="Take back"))
    assert outline(page), "the focus cannot be seen on the button"
    page.keyboard.press("Enter")
    expect(page.locator("#balance")).to_contain_text("100.00")


def outline(page: Page) -> bool:
    return page.evaluate(
        """() => {
          const marked = (element) => {
            const style = getComputedStyle(element);
            return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
          };
          return marked(document.activeElement) || marked(document.activeElement.parentElement);
        }"""
    )


def test_the_form_closes_without_a_tip(bo: Person, post: str):
    bo.page.goto(post)
    form = open_form(bo.page)
    form.get_by_role("link", name="Cancel").click()
    expect(form).to_have_count(0)
    expect(tips_of(bo.page).get_by_role("link", name=re.compile("^Tip"))).to_be_visible()
    assert Decimal(bo.available) == Decimal(100)


@pytest.mark.complains("htmx:", "net::ERR_INTERNET_DISCONNECTED")
def test_a_lost_connection_is_told_and_trying_again_tips_once(bo: Person, post: str):
    page = bo.page
    page.goto(post)
    form = open_form(page)
    form.locator("input[name=amount]").fill("2.00")
    page.wait_for_load_state("networkidle")
    page.route("**/tip/", lambda route: route.abort("internetdisconnected") if is_post(route) else route.continue_())
    form.get_by_role("button", name="Give this tip").click()
    toast = page.locator(".toast")
    expect(toast).to_contain_text("could not be reached")

    page.unroute("**/tip/")
    toast.get_by_role("button", name="Try again").click()

    expect(tips_of(page).get_by_role("status")).to_contain_text("You tipped 2.00 coins")
    assert bo.available == "98.00"


def is_post(route) -> bool:
    return route.request.method == "POST"
