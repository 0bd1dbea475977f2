"""Members in the admin: how they are found, what of them is shown to whom, and what it costs."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.audit import operations as audit
from accounts.members import operations
from accounts.members.models import Page, User
from accounts.signin.operations import begin_family

pytestmark = pytest.mark.django_db

LIST = "admin:accounts_user_changelist"


def signed_in(member):
    client = Client()
    client.force_login(member)
    return client


@pytest.fixture
def staff(admin_member):
    return signed_in(admin_member)


def found(client, term):
    answer = client.get(reverse(LIST), {"q": term})
    assert answer.status_code == 200, answer
    return {page.username for one in answer.context["cl"].result_list for page in one.pages.all() if page.is_primary}


def page_of(client, member):
    answer = client.get(reverse("admin:accounts_user_change", args=[member.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def known(alice, bob, now):
    User.objects.filter(pk=alice.pk).update(email="Alice@Example.org", phone_number="+447700900123")
    operations.open_page(member=alice, username="bakery", display_name="Bakery", at=now)
    alice.refresh_from_db()
    return alice


@pytest.mark.parametrize(
    "term",
    [
        *("+447700900123", "447700900123", "00447700900123", "+44 7700 900123"),
        *("alice@example.org", "ALICE@EXAMPLE.ORG", "alice", "@ali", "Alice", "bakery"),
    ],
)
def test_a_member_is_found_by_number_e_mail_and_any_of_their_names(term, known, staff):
    assert found(staff, term) == {"alice"}


@pytest.mark.parametrize("term", ["+447700900124", "nobody@example.org", "zzz", "\x00", "%", "_", "' OR 1=1 --", "٣٤٥"])
def test_what_nobody_has_finds_nobody(term, known, staff):
    assert found(staff, term) <= ({"alice", "bob", "admin_istrator"} if not term.strip("\x00") else set())


def test_a_search_takes_few_queries_however_many_are_found(known, staff, join):
    def cost(term):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            found(staff, term)
        return len(asked)

    found(staff, "ali")
    few = cost("ali")
    for number in range(8):
        join(f"ali_{number}")
    assert cost("ali") == few <= 12


def test_the_page_shows_sessions_programs_measures_and_audit(known, staff, admin_member, moderator, now):
    browser = Client(HTTP_USER_AGENT="Lynx/2.9 of Alice")
    browser.force_login(known)
    browser.get("/settings/")
    begin_family(member=known, address="203.0.113.9", user_agent="till/1.0", at=now)
    operations.suspend(staff=moderator, member=known, reason="Sold one ladder twice", at=now)
    audit.note_staff_action(
        staff=moderator,
        action="suspend",
        target_type="accounts_user",
        target_id=known.pk,
        reason="Sold one ladder twice",
        details={"until": "2026-12-01"},
        at=now,
    )
    page = page_of(staff, known)
    for word in ("till/1.0", "203.0.113.9", "Sold one ladder twice", "until: 2026-12-01", "@mod_erator"):
        assert word in page
    assert "status: ACTIVE → SUSPENDED" in page
    assert "program" in page
    for measure in ("suspend", "reopen", "ban", "role", "sign-out", "free-number", "grant"):
        assert f"/admin/accounts/user/{known.pk}/{measure}/" in page


def test_moderators_see_neither_sessions_nor_history(known, moderator, now):
    begin_family(member=known, address="203.0.113.9", user_agent="till/1.0", at=now)
    operations.suspend(staff=moderator, member=known, reason="Sold one ladder twice", at=now)
    page = page_of(signed_in(moderator), known)
    for word in ("till/1.0", "203.0.113.9", "ACTIVE → SUSPENDED"):
        assert word not in page
    for measure in ("ban", "role", "sign-out", "free-number", "grant"):
        assert f"/admin/accounts/user/{known.pk}/{measure}/" not in page
        assert signed_in(moderator).post(f"/admin/accounts/user/{known.pk}/{measure}/", {}).status_code == 403


def test_a_long_history_costs_no_more(known, staff, now):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            page_of(staff, known)
        return len(asked)

    begin_family(member=known, address="203.0.113.9", user_agent="till", at=now)
    page_of(staff, known)
    few = cost()
    for number in range(12):
        begin_family(member=known, address="203.0.113.9", user_agent=f"till/{number}", at=now)
        Page.objects.filter(user=known, username="bakery").update(display_name=f"Bakery {number}")
    assert cost() == few <= 18


def test_coins_are_granted_by_the_measure_of_the_wallet(known, staff):
    answer = staff.get(f"/admin/accounts/user/{known.pk}/grant/")
    assert answer["Location"] == reverse("admin:accounts_wallet_grant", args=[known.wallet.pk])
    assert staff.get(answer["Location"]).status_code == 200


def test_a_suspension_takes_an_end_and_ends_by_itself(known, staff):
    where = f"/admin/accounts/user/{known.pk}/suspend/"
    assert staff.post(where, {"reason": "Ladder", "until": "2020-01-01T00:00"}).status_code == 422
    assert staff.post(where, {"reason": "Ladder", "until": "2999-01-01T00:00"}).status_code == 422
    assert staff.post(where, {"reason": "Ladder", "until": "never"}).status_code == 422
    known.refresh_from_db()
    assert known.status == "ACTIVE"
