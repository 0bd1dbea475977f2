"""The wallet, gifts and the economy's page: what people look at when they want to know."""

import csv
import io
import re

from playwright.sync_api import Page, expect

from e2e.people import Person


def send_gift(page: Page, to: str, coins: str, memo: str = "") -> None:
    page.get_by_label("To", exact=True).fill(to)
    page.get_by_label("Coins").fill(coins)
    page.get_by_label("Words to go with it").fill(memo)


def test_a_gift_is_in_both_statements_and_in_the_csv(ana: Person, bo: Person):
    page = ana.page
    page.goto("/wallet/")
    page.get_by_role("link", name="Send a gift").click()
    send_gift(page, f"@{bo.username}", "12.50", "for the seeds")
    page.locator("main").get_by_role("button").last.click()

    expect(page.get_by_role("main")).to_contain_text("12.50")
    expect(page.locator("#balance")).to_contain_text("87.50")
    page.goto("/wallet/")
    lines = page.locator("table tbody tr")
    expect(lines).to_have_count(2)
    expect(lines.first).to_contain_text("for the seeds")
    expect(lines.first).to_contain_text(f"@{bo.username}")
    expect(lines.first).to_contain_text(re.compile(r"[−-]12\.50"))
    expect(lines.first).to_contain_text("87.50")
    expect(lines.last).to_contain_text("100.00")

    with page.expect_download() as downloading:
        page.get_by_role("link", name=re.compile("CSV")).click()
    assert downloading.value.suggested_filename.endswith(".csv")
    rows = list(csv.DictReader(io.StringIO(downloading.value.path().read_text(encoding="utf-8-sig"))))
    assert [row["amount"] for row in rows] == ["100.00", "-12.50"]
    assert rows[1]["balance after"] == "87.50"
    assert rows[1]["words"] == "for the seeds"

    bo.page.goto("/wallet/")
    expect(bo.page.locator("table tbody tr").first).to_contain_text(re.compile(r"\+12\.50"))
    expect(bo.page.locator("#balance")).to_contain_text("112.50")


def test_the_statement_filters_by_kind(ana: Person, bo: Person):
    ana.page.goto("/wallet/gift/")
    send_gift(ana.page, bo.username, "1.00")
    ana.page.locator("main").get_by_role("button").last.click()
    expect(ana.page.locator("#balance")).to_contain_text("99.00")

    ana.page.goto("/wallet/")
    ana.page.get_by_label("Kind").select_option(label="Gift")
    expect(ana.page).to_have_url(re.compile("kind=GIFT", re.I))
    expect(ana.page.locator("table tbody tr")).to_have_count(1)


def test_a_gift_one_cannot_afford_is_refused_and_the_form_keeps_its_words(ana: Person, bo: Person):
    ana.page.goto("/wallet/gift/")
    send_gift(ana.page, bo.username, "100.01", "too kind")
    ana.page.locator("main").get_by_role("button").last.click()

    expect(ana.page.get_by_role("alert")).to_contain_text("100.00")
    expect(ana.page.get_by_label("Words to go with it")).to_have_value("too kind")
    assert ana.available == "100.00"


def test_a_gift_to_nobody_is_refused_in_words(ana: Person):
    ana.page.goto("/wallet/gift/")
    send_gift(ana.page, "nobody_of_that_name", "1.00")
    ana.page.locator("main").get_by_role("button").last.click()
    expect(ana.page.get_by_role("alert")).not_to_be_empty()
    assert ana.available == "100.00"


def test_everyone_sees_the_economy_with_numbers_behind_each_chart(visitor: Page):
    visitor.goto("/economy/")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("The economy")
    expect(visitor.get_by_role("main")).to_contain_text("Supply")
    numbers = visitor.locator("main details summary").first
    numbers.click()
    expect(visitor.locator("main details[open] table").first).to_be_visible()
