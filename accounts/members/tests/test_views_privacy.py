"""The page of privacy, and keeping members, pages and words away."""

from uuid import uuid4

import pytest
from django.test import Client

from accounts.members import boundaries, preferences
from accounts.members.models import MutedWord, Profile
from accounts.members.tests.browsing import url, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_alice(client, alice):
    client.force_login(alice)
    return client


def test_privacy(as_alice, alice):
    sent = {"messages_from": "followed", "hide_balance": "on"}
    assert as_alice.post(url("privacy"), sent).url == url("privacy")
    chosen = preferences.complete(Profile.objects.get(user=alice).preferences)
    assert [chosen[name] for name in ("messages_from", "hide_balance", "on_leaderboards", "show_addresses")] == [
        "followed",
        True,
        False,
        False,
    ]
    assert as_alice.post(url("privacy"), {"messages_from": "friends"}).status_code == 422


def test_privacy_is_for_the_suspended_too(as_alice, alice):
    type(alice).objects.filter(pk=alice.pk).update(status="SUSPENDED")
    assert as_alice.post(url("privacy"), {"messages_from": "nobody"}).status_code == 302
    assert Profile.objects.get(user=alice).preferences["messages_from"] == "nobody"


def test_block_page_asks_first(as_alice, alice, bob):
    assert "Block @bob?" in words_of(as_alice.get(url("block_page", "bob")))
    assert not boundaries.keep_apart(alice.pk, bob.pk)
    for _twice in range(2):
        assert as_alice.post(url("block_page", "bob")).url == "/@bob/"
    page = words_of(as_alice.get("/@bob/"))
    assert "blocked by you" in page and "Nothing passes between you" in page
    assert "@bob" in words_of(as_alice.get(url("privacy")))
    assert as_alice.post(url("unblock_page", bob.primary_page.pk)).url == url("privacy")
    assert not boundaries.keep_apart(alice.pk, bob.pk)


def test_who_is_blocked_reads_no_more_than_that(client, alice, bob, now):
    boundaries.block(member=alice, page=bob.primary_page, at=now)
    client.force_login(bob)
    page = words_of(client.get("/@alice/"))
    assert "kept apart" in page and "blocked by you" not in page


def test_a_block_can_be_lifted_from_whoever_has_left(as_alice, alice, bob, now):
    boundaries.block(member=alice, page=bob.primary_page, at=now)
    type(bob).objects.filter(pk=bob.pk).update(status="BANNED")
    as_alice.post(url("unblock_page", bob.primary_page.pk))
    assert not boundaries.keep_apart(alice.pk, bob.pk)


def test_mute_page_and_unmute_page(as_alice, alice, bob):
    assert as_alice.post(url("mute_page", "bob"), {"next": "/@bob/"}).url == "/@bob/"
    assert "You have muted this page" in words_of(as_alice.get("/@bob/"))
    as_alice.post(url("unmute_page", bob.primary_page.pk))
    assert not alice.mutes.exists()


def test_boundaries_of_nobody_and_of_oneself(as_alice):
    assert as_alice.post(url("block_page", "nobody")).status_code == 404
    assert as_alice.post(url("unblock_page", uuid4())).status_code == 404
    assert as_alice.post(url("unmute_page", uuid4())).status_code == 404
    assert as_alice.get(url("block_page", "alice")).status_code == 422
    assert as_alice.post(url("mute_page", "alice")).status_code == 422


def test_mute_word_and_unmute_word(as_alice, alice, mallory):
    assert as_alice.post(url("mute_word"), {"word": "Spoiler"}).status_code == 302
    word = MutedWord.objects.get(user=alice)
    assert "Spoiler" in words_of(as_alice.get(url("privacy")))
    other = Client()
    other.force_login(mallory)
    assert other.post(url("unmute_word", word.pk)).status_code == 404
    assert as_alice.post(url("unmute_word", word.pk)).status_code == 302
    assert not MutedWord.objects.exists()
    for bad in ("", "x" * 51, "\u200b"):
        assert as_alice.post(url("mute_word"), {"word": bad}).status_code == 422


def test_words_of_others_are_shown_as_words(as_alice, alice):
    as_alice.post(url("mute_word"), {"word": "<b>bold</b>"})
    page = as_alice.get(url("privacy")).content.decode()
    assert "<b>bold</b>" not in page and "&lt;b&gt;bold" in page
