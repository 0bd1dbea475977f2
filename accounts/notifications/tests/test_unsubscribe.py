"""Stopping e-mails by the link in each, as people and as mailboxes do it."""

from uuid import uuid4

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from accounts.members import preferences
from accounts.members.models import Profile
from accounts.notifications import stops

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict():
    """A client for which the protection against forged forms is on, and which has no cookie."""
    return Client(enforce_csrf_checks=True)


def chosen(member):
    return preferences.complete(Profile.objects.get(user=member).preferences)


def test_looking_changes_nothing_because_programs_follow_links(strict, alice):
    shown = strict.get(stops.path_for(alice.pk, stops.DIGEST))
    assert (shown.status_code, shown.templates[0].name) == (200, "accounts/notifications/unsubscribe.html")
    assert strict.head(stops.path_for(alice.pk, stops.DIGEST)).status_code == 200
    assert chosen(alice)["digest"] == "daily"
    page = shown.content.decode()
    assert "alice" not in page.lower()  # the link may have been passed on
    assert (shown["X-Robots-Tag"], "no-cache" in shown["Cache-Control"]) == ("noindex", True)


def test_one_click_of_the_mailbox_stops_the_digest(strict, alice, bob):
    path = stops.path_for(alice.pk, stops.DIGEST)
    for _twice in range(2):
        done = strict.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert (done.status_code, "You get no digest any more." in done.content.decode()) == (200, True)
    assert (chosen(alice)["digest"], chosen(bob)["digest"]) == ("off", "daily")


def test_one_click_stops_one_kind_and_nothing_else(strict, alice):
    assert strict.post(stops.path_for(alice.pk, "security")).status_code == 200
    assert chosen(alice)["notices"] == {"security": {"email": "off"}}
    assert (chosen(alice)["digest"], chosen(alice)["email_notices"]) == ("daily", True)


def test_whoever_is_signed_in_the_link_says_whose_e_mails_stop(strict, alice, mallory):
    strict.force_login(mallory)
    assert strict.post(stops.path_for(alice.pk, stops.DIGEST)).status_code == 200
    assert (chosen(alice)["digest"], chosen(mallory)["digest"]) == ("off", "daily")


def test_suspended_members_stop_e_mails_too(strict, alice, moderator):
    from accounts.members.operations import suspend

    suspend(member=alice, staff=moderator, reason="spam", at=timezone.now())
    assert strict.post(stops.path_for(alice.pk, stops.DIGEST)).status_code == 200
    assert chosen(alice)["digest"] == "off"


def test_a_member_who_has_left_has_nothing_left_to_stop(strict):
    assert strict.post(stops.path_for(uuid4(), stops.DIGEST)).status_code == 200


def test_links_that_were_not_made_here_are_not_there(strict, alice):
    made = stops.path_for(alice.pk, stops.DIGEST)
    token = made.split("/")[2]
    elsewhere = signing.dumps([alice.pk.hex, stops.DIGEST], salt="another room")
    broken = signing.dumps({"x": 1}, salt="accounts.notifications.unsubscribe")
    for bad in (token[:-1], token + "A", "x", "x" * 5000, elsewhere, broken, "%00", "%E2%99%A5", "a:b:c"):
        assert strict.post(f"/unsubscribe/{bad}/").status_code == 404, bad
        assert strict.get(f"/unsubscribe/{bad}/").status_code == 404, bad
    assert chosen(alice)["digest"] == "daily"


def test_mallory_cannot_turn_her_link_into_alice_s(alice, mallory):
    body, rest = stops.path_for(mallory.pk, stops.DIGEST).split("/")[2].split(":", 1)
    forged = stops.path_for(alice.pk, stops.DIGEST).split("/")[2].split(":", 1)[0]
    assert stops.read(f"{body}:{rest}") == stops.Stop(mallory.pk, stops.DIGEST)
    assert stops.read(f"{forged}:{rest}") is None


def test_other_methods_are_refused(strict, alice):
    for method in (strict.put, strict.delete, strict.patch):
        assert method(stops.path_for(alice.pk, stops.DIGEST)).status_code == 405
