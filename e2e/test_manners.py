"""What the site says when there is nothing to show or something is not allowed, and what it lets nobody do."""

import pytest
from playwright.sync_api import Page, expect

from e2e.people import Person


@pytest.mark.parametrize(
    "path",
    # An address without a route shows developers the routes there are (DEBUG); both of these are pages people reach.
    ["/p/00000000-0000-7000-8000-000000000000/", "/@nobody_of_that_name/"],
)
def test_a_page_that_is_not_there_says_so_and_leads_on(visitor: Page, path: str):
    answer = visitor.goto(path)
    assert answer.status == 404
    expect(visitor.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    visitor.get_by_role("link", name="To the front page").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("What is hot")


def test_what_belongs_to_someone_else_is_refused_in_words(ana: Person, bo: Person):
    post = ana.writes(f"Mine alone. {ana.username}")
    for part in ("edit/", "remove/"):
        answer = bo.page.goto(post + part)
        assert answer.status == 403
        expect(bo.page.get_by_role("heading", level=1)).to_have_text("This is not open to you")


def test_a_form_of_another_site_is_refused(ana: Person, bo: Person):
    """Somebody else's page cannot tip in one's name: the token is missing."""
    post = ana.writes(f"Tip bait. {ana.username}")
    answer = bo.context.request.post(f"{post}tip/", form={"amount": "10.00"})
    assert answer.status == 403
    assert "This form is out of date" in answer.text()
    assert bo.available == "100.00"


def test_the_policy_lets_no_foreign_or_inline_script_run(open_browser, product):
    page = open_browser(bypass_csp=False).new_page()
    answer = page.goto("/")
    policy = answer.headers["content-security-policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.complains("policy", "Content Security Policy", "violates the following")
def test_an_injected_script_is_stopped(visitor: Page):
    """The control: what the other tests would hear when a page broke its own policy."""
    visitor.goto("/")
    visitor.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.stolen = true";
          document.body.append(script);
        }"""
    )
    assert visitor.evaluate("window.stolen") is None


def test_the_session_cookie_is_out_of_reach_of_scripts(ana: Person):
    cookie = next(cookie for cookie in ana.context.cookies() if cookie["name"] == "sessionid")
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    ana.page.goto("/")
    assert "sessionid" not in ana.page.evaluate("document.cookie")


def test_the_api_documents_itself_in_a_browser(visitor: Page):
    visitor.goto("/api/v1/docs/")
    expect(visitor.get_by_text("Civitas", exact=False).first).to_be_visible()
    expect(visitor.locator(".opblock").first).to_be_visible()
