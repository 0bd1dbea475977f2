import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.members.operations import set_preferences
from accounts.notifications import kinds
from accounts.notifications.kinds import Kind
from accounts.notifications.models import Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def tell(now):
    """Make a notification: tell(alice, title="…")."""

    def make(member, **given):
        facts = {
            "count": 1,
            "people": 1,
            "coins": "5.00",
            "who": [],
            "known": ["secret"],
            "facts": {},
            "path": "/wallet/",
        }
        told = {"type": "badge", "title": "A badge", "happened_at": now, "data": facts}
        return Notification.objects.create(user=member, **{**told, **given})

    return make


def signed_in(member):
    client = Client()
    client.force_login(member)
    return client


def test_the_list_shows_what_is_new_and_what_was_read(alice, tell, now):
    tell(alice, title="Ana tipped you 5.00", message="Bread without kneading")
    tell(alice, title="Bob follows you", is_read=True, happened_at=now - timedelta(days=1))
    page = signed_in(alice).get("/notifications/").content.decode()
    assert page.index("Ana tipped you 5.00") < page.index("Bob follows you")
    assert "Bread without kneading" in page
    assert page.count("notice-new") == 1
    assert "Mark all as read" in page


def test_the_unread_ones_alone(alice, tell):
    tell(alice, title="New here")
    tell(alice, title="Seen before", is_read=True)
    page = signed_in(alice).get("/notifications/?show=unread").content.decode()
    assert "New here" in page
    assert "Seen before" not in page


@pytest.mark.parametrize(("query", "current"), [("", "All"), ("?cursor=x", "All"), ("?show=unread", "Unread")])
def test_one_tab_is_the_current_one(alice, tell, query, current):
    tell(alice, title="New here")
    page = signed_in(alice).get(f"/notifications/{query}").content.decode()
    tabs = page.partition('class="tabs')[2].partition("</nav>")[0]
    assert re.findall(r'aria-current="page">.*?</svg>(\w+)', tabs) == [current]


def test_each_thing_of_the_page_has_a_name_of_its_own(alice, tell, now):
    for number in range(25):
        tell(alice, title=f"Notice {number:02}", happened_at=now - timedelta(minutes=number))
    page = signed_in(alice).get("/notifications/").content.decode()
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert [name for name in ids if ids.count(name) > 1] == []
    assert 'hx-select="#notifications > *"' in page


def test_the_empty_list_says_what_will_stand_here(alice):
    page = signed_in(alice).get("/notifications/").content.decode()
    assert "Nothing has happened yet" in page
    assert "Mark all as read" not in page


def test_who_has_read_everything_is_told_so(alice, tell):
    tell(alice, is_read=True)
    assert "You have read everything" in signed_in(alice).get("/notifications/?show=unread").content.decode()


def test_words_of_others_are_shown_as_words(alice, tell):
    tell(alice, title="<script>alert(1)</script>", message='"><img src=x>')
    page = signed_in(alice).get("/notifications/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_a_kind_that_is_gone_still_shows(alice, tell):
    tell(alice, type="of-old", title="Long ago")
    assert "Long ago" in signed_in(alice).get("/notifications/").content.decode()


def test_long_lists_go_on(alice, tell, now):
    for number in range(25):
        tell(alice, title=f"Notice {number:02}", happened_at=now - timedelta(minutes=number))
    client = signed_in(alice)
    first = client.get("/notifications/?show=unread")
    assert "Notice 19" in first.content.decode()
    assert "Notice 20" not in first.content.decode()
    assert "Notice 24" in client.get(first.context["next"]).content.decode()
    assert client.get("/notifications/?cursor=garbage").status_code == 200


def test_the_list_costs_the_same_however_long_it_is(alice, tell, django_assert_max_num_queries):
    client = signed_in(alice)
    tell(alice)
    client.get("/notifications/")
    for _time in range(15):
        tell(alice)
    with django_assert_max_num_queries(6):
        client.get("/notifications/")


def test_opening_one_marks_it_as_read_and_leads_on(alice, tell):
    row = tell(alice)
    response = signed_in(alice).get(f"/notifications/{row.pk}/")
    assert (response.status_code, response["Location"]) == (302, "/wallet/")
    row.refresh_from_db()
    assert row.is_read and row.read_at is not None


@pytest.mark.parametrize(
    "path", ["https://elsewhere.example", "//elsewhere.example/", "/\\elsewhere.example", "", None]
)
def test_none_leads_elsewhere(alice, tell, path):
    row = tell(alice, data={"path": path})
    assert signed_in(alice).get(f"/notifications/{row.pk}/")["Location"] == "/notifications/"


def test_mallory_opens_none_of_alices(alice, mallory, tell):
    row = tell(alice)
    assert signed_in(mallory).get(f"/notifications/{row.pk}/").status_code == 404
    assert signed_in(mallory).get(f"/notifications/{uuid4()}/").status_code == 404
    row.refresh_from_db()
    assert not row.is_read
    assert row.title not in signed_in(mallory).get("/notifications/").content.decode()


def test_all_are_marked_as_read_at_once_and_only_ones_own(alice, bob, tell):
    tell(alice), tell(alice)
    others = tell(bob)
    client = signed_in(alice)
    assert client.post("/notifications/read/").status_code == 302
    assert client.post("/notifications/read/").status_code == 302
    assert not Notification.objects.filter(user=alice, is_read=False).exists()
    others.refresh_from_db()
    assert not others.is_read


def test_marking_all_needs_a_form_of_ours(alice, tell):
    tell(alice)
    assert signed_in(alice).get("/notifications/read/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert strict.post("/notifications/read/").status_code == 403
    assert Notification.objects.filter(is_read=False).exists()


def test_the_navigation_counts_what_is_new(alice, tell):
    for _time in range(3):
        tell(alice)
    tell(alice, is_read=True)
    page = signed_in(alice).get("/economy/").content.decode()
    assert 'data-count="3"' in page
    assert 'data-count-of="unread_notifications"' in page


def test_visitors_are_asked_to_sign_in():
    for path in ("/notifications/", f"/notifications/{uuid4()}/", "/settings/notifications/"):
        assert Client().get(path)["Location"].startswith("/signin/")


def test_pages_that_cannot_listen_ask_for_the_count(alice, tell):
    tell(alice)
    assert signed_in(alice).get("/notifications/unread/").json() == {"unread": 1}
    assert Client().get("/notifications/unread/").status_code == 401


# -- Choosing -----------------------------------------------------------------------------------


@pytest.fixture
def two_kinds(monkeypatch):
    known = {
        "tip": Kind("tip", "Tips", "coins", email="digest"),
        "security": Kind("security", "Security", "shield-check", email="off", is_always_shown=True),
    }
    monkeypatch.setattr(kinds, "_kinds", known)


GIVEN = {
    "email_notices": "on",
    "digest": "weekly",
    "quiet_from": "22:00",
    "quiet_to": "07:30",
    "email:tip": "now",
}


def test_members_choose_what_they_hear_of(alice, two_kinds):
    client = signed_in(alice)
    assert client.post("/settings/notifications/", GIVEN)["Location"] == "/settings/notifications/"
    alice.profile.refresh_from_db()
    stored = alice.profile.preferences
    assert stored["notices"] == {"tip": {"email": "now", "site": False}}
    assert (stored["digest"], stored["quiet_from"], stored["quiet_to"]) == ("weekly", "22:00", "07:30")
    page = client.get("/settings/notifications/").content.decode()
    assert 'value="22:00"' in page
    assert "Your choices are saved." in page


def test_the_page_begins_with_what_each_kind_has_by_default(alice, two_kinds):
    form = signed_in(alice).get("/settings/notifications/").context["form"]
    assert form["site:tip"].value() is True
    assert form["email:tip"].value() == "digest"
    assert "site:security" not in form.fields


def test_security_cannot_be_switched_off(alice, two_kinds):
    signed_in(alice).post("/settings/notifications/", GIVEN | {"site:security": "", "email:security": "digest"})
    alice.profile.refresh_from_db()
    assert "security" not in alice.profile.preferences["notices"]


def test_other_choices_stay_as_they_are(alice, two_kinds, now):
    set_preferences(member=alice, hide_balance=True, notices={"of-old": {"email": "now"}}, at=now)
    signed_in(alice).post("/settings/notifications/", GIVEN)
    alice.profile.refresh_from_db()
    assert alice.profile.preferences["hide_balance"] is True
    assert alice.profile.preferences["notices"]["of-old"] == {"email": "now"}


@pytest.mark.parametrize(
    "change",
    [
        {"digest": "hourly"},
        {"digest": ""},
        {"email:tip": "pigeon"},
        {"email:tip": ["now", "later"]},
        {"quiet_from": "25:00"},
        {"quiet_from": "٢٢:٠٠"},
        {"quiet_from": "22:00\x00"},
        {"quiet_from": "22"},
        {"quiet_to": ""},
        {"quiet_from": ""},
        {"quiet_from": "07:30"},
        {"quiet_to": "x" * 10_000},
    ],
)
def test_what_cannot_be_chosen_is_refused_and_what_was_typed_stays(alice, two_kinds, change):
    response = signed_in(alice).post("/settings/notifications/", GIVEN | change)
    assert response.status_code == 422
    assert b"field-errors" in response.content
    alice.profile.refresh_from_db()
    assert alice.profile.preferences == {}


def test_suspended_members_may_read_and_choose(join, tell, two_kinds):
    member = join("sus_pended", status="SUSPENDED")
    row = tell(member)
    client = signed_in(member)
    assert client.get("/notifications/").status_code == 200
    assert client.get(f"/notifications/{row.pk}/").status_code == 302
    assert client.post("/settings/notifications/", GIVEN).status_code == 302


def test_every_page_of_the_room_has_its_name():
    assert reverse("accounts:notifications") == "/notifications/"
    assert reverse("accounts:choose_notices") == "/settings/notifications/"
