"""The statement: filters, what a line leads to, a week with one's own figures, a year; with scripts and without."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from e2e.people import Person
from e2e.product import Product
from e2e.test_wallet import send_gift

_GRANT = """
from decimal import Decimal
from django.utils import timezone
from accounts.wallets.models import Wallet
from economy.ledger import operations
wallets = Wallet.objects.filter(user__phone_number__in={numbers!r}).values_list("pk", flat=True)
operations.move(kind="STAFF_GRANT", at=timezone.now(), wallets=[(pk, Decimal("1100.00")) for pk in wallets],
    funds=[("issuance", Decimal("-1100.00") * len(wallets))], actor=None, channel="ADMIN", description="Prize")
"""


def gives(giver: Person, receiver: Person, coins: str, memo: str) -> None:
    giver.page.goto("/wallet/gift/")
    send_gift(giver.page, receiver.username, coins, memo)
    giver.page.locator("main").get_by_role("button").last.click()
    expect(giver.page.locator("#notices")).to_contain_text("has your gift")


def rows(page: Page) -> list[str]:
    return page.locator("#statement tbody tr").all_inner_texts()


def test_the_statement_is_filtered_by_who_and_when_and_the_csv_with_it(ana: Person, bo: Person):
    gives(ana, bo, "2.00", "for the seeds")
    page = ana.page
    page.goto("/wallet/")
    assert len(rows(page)) == 2
    page.get_by_label("With").fill(f"@{bo.username}")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page).to_have_url(re.compile(rf"who=%40{bo.username}.*#statement"))
    expect(page.locator("#statement tbody tr")).to_have_count(1)
    with page.expect_download() as downloading:
        page.get_by_role("link", name="CSV").click()
    told = list(csv.DictReader(io.StringIO(downloading.value.path().read_text(encoding="utf-8-sig"))))
    assert [(row["amount"], row["with"], row["words"]) for row in told] == [("-2.00", bo.username, "for the seeds")]

    page.get_by_role("link", name="Last month").click()
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    expect(page.get_by_label("With")).to_have_value(f"@{bo.username}")
    page.get_by_role("link", name="This year").click()
    expect(page.locator("#statement tbody tr")).to_have_count(1)


def test_a_filter_that_makes_no_sense_says_so_and_keeps_what_was_typed(ana: Person):
    page = ana.page
    page.goto("/wallet/")
    page.get_by_label("With").fill("nobody_of_that_name")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("There is no member of that name.")
    expect(page.get_by_label("With")).to_have_value("nobody_of_that_name")
    expect(page.locator("#statement tbody tr")).to_have_count(0)
    page.get_by_role("link", name="Show all").first.click()
    expect(page.locator("#statement tbody tr")).to_have_count(1)


def test_a_tip_leads_to_its_post_and_is_called_by_what_became_of_it(ana: Person, bo: Person):
    post = ana.writes(f"What the lamps cost. {ana.username}")
    page = bo.page
    page.goto(f"{post}tip/")
    page.locator("input[name=amount]").fill("3.00")
    page.get_by_role("button", name="Give this tip").click()
    expect(page.locator(".own-tip")).to_be_visible()
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_role("main")).to_contain_text("3.00 coins are yours again.")

    page.goto("/wallet/")
    newest = page.locator("#statement tbody tr").first
    expect(newest).to_contain_text("Tip taken back")
    newest.get_by_role("link", name="Tip taken back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tip taken back")
    page.get_by_role("link", name="What the lamps cost.").click()
    expect(page).to_have_url(re.compile(f"{post}$"))


def test_a_tax_leads_to_its_week_with_ones_own_figures_and_the_year_adds_up(
    product: Product, join: Callable[..., Person]
):
    """One week for two members, one of them without scripts: a week is collected once."""
    people = [join("Ana"), join("Cleo", java_script_enabled=False)]
    product.shell(_GRANT.format(numbers=[person.number for person in people]))
    product.manage("setting", "TAX_BASE", "closing")
    try:
        product.manage("cycle", "run", "--early", "--only", "tax,stipend")
    finally:
        product.manage("setting", "TAX_BASE", "average")
    for person in people:
        page = person.page
        page.goto("/wallet/?kind=TAX#statement")
        line = page.locator("#statement tbody tr")
        expect(line).to_have_count(1)
        expect(line).to_contain_text(re.compile(r"[−-]51\.00"))
        line.get_by_role("link", name=re.compile(r"^week \d{4}-W\d\d$")).click()

        expect(page).to_have_url(re.compile(r"/economy/runs/\d{4}-W\d\d/#mine$"))
        own = page.get_by_role("region", name="Your week")
        expect(own).to_contain_text("At the week's end you had 1,200.00 coins.")
        for words in ("200.00 × 0%", "300.00 × 2%", "500.00 × 5%", "200.00 × 10%", "51.00"):
            expect(own).to_contain_text(words)

        page.goto("/wallet/taxes/")
        expect(page.get_by_role("main")).to_contain_text("You are here")
        expect(page.locator("main table").last).to_contain_text("51.00")

        page.goto("/wallet/")
        year = str(datetime.now(UTC).year)
        page.get_by_role("link", name=year, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Your year {year}")
        taxed = page.locator("main tbody tr", has=page.get_by_role("link", name="Weekly tax"))
        expect(taxed).to_contain_text("51.00")
        with page.expect_download() as downloading:
            page.get_by_role("link", name="CSV").click()
        told = list(csv.reader(io.StringIO(downloading.value.path().read_text(encoding="utf-8-sig"))))
        assert told[-1][:2] == [year, "YEAR"] and told[-1][-1] == balance(person)


def balance(person: Person) -> str:
    return str(person.context.request.get("/api/v1/me/wallet").json()["balance"])
