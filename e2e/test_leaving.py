"""Leaving: a copy of one's data, and closing the account."""

import json
import re
from zipfile import ZipFile

from playwright.sync_api import Page, expect

from e2e.people import Person


def test_a_copy_of_ones_data_is_made_told_of_and_fetched(ana: Person):
    ana.writes("Something of mine.")
    page = ana.page
    page.goto("/settings/data/")
    page.get_by_role("button", name="Make a copy").click()

    # The page learns by itself when it is there.
    fetch = page.get_by_role("link", name=re.compile("Fetch"))
    expect(fetch).to_be_visible(timeout=60_000)
    with page.expect_download() as downloading:
        fetch.click()
    assert re.fullmatch(rf"civitas-{ana.username}-\d{{4}}-\d\d-\d\d\.zip", downloading.value.suggested_filename)
    with ZipFile(downloading.value.path()) as archive:
        assert [row["content"] for row in json.loads(archive.read("posts.json"))] == ["Something of mine."]
        assert json.loads(archive.read("account.json"))[0]["phone_number"] == ana.number


def test_a_copy_is_for_its_owner_alone(ana: Person, bo: Person):
    ana.page.goto("/settings/data/")
    ana.page.get_by_role("button", name="Make a copy").click()
    fetch = ana.page.get_by_role("link", name=re.compile("Fetch"))
    expect(fetch).to_be_visible(timeout=60_000)
    address = fetch.get_attribute("href")

    assert ana.context.request.get(address).status == 200
    assert bo.context.request.get(address).status == 404


def test_a_closed_account_is_gone_at_once(ana: Person, visitor: Page):
    page = ana.page
    page.goto("/settings/data/")
    page.get_by_role("link", name="Close my account").click()
    expect(page.get_by_role("main")).to_contain_text("100.00")
    page.get_by_label(re.compile("I know that everything")).check()
    page.get_by_role("button", name="Close my account").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Your account is closed")
    page.goto("/wallet/")
    expect(page).to_have_url(re.compile("/signin/"))
    assert visitor.request.get(f"/@{ana.username}/").status == 404
    sent = visitor.request.get("/dev/outbox.json").json()
    assert any(message["to"] == ana.number and "to open it again" in message["body"] for message in sent)
