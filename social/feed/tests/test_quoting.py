"""Notices quote what may be seen when they are read: after a ban, a block, a removal they no longer do."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.departures import takeaway
from accounts.members import boundaries
from accounts.members.models import Page, User
from accounts.notifications.models import Digest, Notification
from accounts.notifications.operations import absence, deliver_due, gather
from accounts.notifications.queries import unread_count, unread_counts, with_unread
from accounts.wallets.models import Wallet
from economy.ledger import operations as ledger
from social.feed import operations
from social.feed.tests.conftest import WEB

pytestmark = pytest.mark.django_db
WORDS = "Rude words"


@pytest.fixture
def read(api, client):
    """Everything that a member reads of their notices: the page and the API; read(alice)."""

    def look(member):
        gather(at=timezone.now())
        client.force_login(member)
        page = client.get("/notifications/").content.decode()
        told = api(member).get("/api/v1/notifications").json()["results"]
        return page, [one for one in told if one["type"] != "welcome"]

    return look


@pytest.fixture
def mention(alice, bob, write):
    """Bob has named Alice."""
    return write(bob, f"{WORDS} for @alice")


def stands(member, status):
    User.objects.filter(pk=member.pk).update(status=status)


def unread(client, member):
    client.force_login(member)
    shown = client.get("/notifications/unread/").json()["unread"]
    assert unread_count(member.pk) == unread_counts([member.pk]).get(member.pk, 0) == shown
    assert with_unread(Wallet.objects.filter(user=member)).get().unread_notifications == shown
    return shown


# -- Gathering ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["BANNED", "CLOSED"])
@pytest.mark.parametrize("place", ["post", "comment", "below"])
def test_who_is_gone_by_then_is_not_quoted(alice, bob, mallory, write, say, read, status, place):
    if place == "post":
        write(bob, f"{WORDS} for @alice")
    elif place == "comment":
        say(bob, write(mallory), f"{WORDS} for @alice")
    else:
        say(mallory, write(bob), f"{WORDS} for @alice")
    stands(bob, status)
    _page, told = read(alice)
    assert told == []


def test_words_of_a_page_that_was_closed_are_not_quoted(alice, bob, mention, read):
    Page.objects.filter(user=bob).update(is_active=False)
    assert read(alice)[1] == []


# -- Those that stand ---------------------------------------------------------------------------------------------


def test_a_ban_takes_words_and_name_out_of_notices_and_gives_them_back(alice, bob, mention, read):
    page, (told,) = read(alice)
    assert WORDS in page
    assert (told["title"], told["message"]) == ("Bob mentioned you", f"“{WORDS} for @alice”")
    stands(bob, "BANNED")
    page, (told,) = read(alice)
    assert WORDS not in page
    assert "Bob" not in page
    assert (told["title"], told["message"], told["data"]["who"]) == ("1 person mentioned you", "", [])
    stands(bob, "ACTIVE")
    page, (told,) = read(alice)
    assert WORDS in page
    assert told["title"] == "Bob mentioned you"
    assert Notification.objects.get(user=alice, type="mention").data["who"][0]["name"] == "Bob"


def test_what_was_removed_is_quoted_no_longer(alice, bob, mention, read, noon):
    read(alice)
    operations.remove_post(remover=bob, post_id=mention.pk, at=noon)
    page, (told,) = read(alice)
    assert WORDS not in page
    assert told["message"] == ""


def test_the_answer_of_a_poll_is_not_told_when_its_post_may_not_be_seen(alice, bob, read):
    made = Notification(
        user=alice, type="poll", title="A poll has ended", message=WORDS, happened_at=timezone.now(),
        reference_type="post", reference_id=alice.pk,
        data={"count": 1, "people": 0, "coins": None, "who": [], "facts": {
            "about": WORDS, "answer": WORDS, "votes": 1, "voters": 2, "path": "/"}},
    )  # fmt: skip
    made.save(force_insert=True)
    page, (told,) = read(alice)
    assert WORDS not in page
    assert told["message"] == "2 votes"


def test_the_words_of_a_gift_go_with_their_giver(alice, bob, read, noon):
    ledger.give(giver=bob.wallet, receiver=alice.wallet, coins=D(5), memo=WORDS, key=None, channel=WEB, at=noon)
    assert WORDS in read(alice)[0]
    stands(bob, "BANNED")
    assert WORDS not in read(alice)[0]


def test_a_digest_and_the_copy_of_ones_data_do_not_quote_them_either(alice, bob, mention, read):
    now = timezone.now()
    read(alice)
    User.objects.filter(pk=alice.pk).update(
        email="alice@example.org", email_verified=True, last_active_at=now - timedelta(days=400)
    )
    stands(bob, "BANNED")
    absence.plan_digests(at=now)
    Digest.objects.update(next_at=now - timedelta(minutes=1))
    assert absence.send_digests(clock=iter([now, now, now, now + timedelta(minutes=2)]).__next__) == 1
    deliver_due(clock=timezone.now)
    (letter,) = mail.outbox
    said = letter.body + letter.alternatives[0][0]
    assert "1 person mentioned you" in said
    assert WORDS not in said
    copied = str(list(takeaway._notifications(alice)))
    assert "1 person mentioned you" in copied
    assert WORDS not in copied


# -- Blocks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who_blocks", ["alice", "bob"])
def test_a_notice_of_somebody_kept_apart_is_not_shown_nor_counted(
    alice, bob, mention, read, client, api, who_blocks, noon
):
    _page, (told,) = read(alice)
    before = unread(client, alice)
    blocker, blocked = (alice, bob) if who_blocks == "alice" else (bob, alice)
    boundaries.block(member=blocker, page=blocked.primary_page, at=noon)
    page, rows = read(alice)
    assert rows == []
    assert "Bob" not in page
    assert unread(client, alice) == before - 1
    assert api(alice).put(f"/api/v1/notifications/{told['id']}/read").status_code == 404
    assert not Notification.objects.get(pk=told["id"]).is_read
    boundaries.unblock(member=blocker, page=blocked.primary_page)
    assert len(read(alice)[1]) == 1
    assert unread(client, alice) == before


def test_all_pages_of_somebody_kept_apart_count_as_one(alice, bob, write, say, read, client, noon):
    second = Page.objects.create(user=bob, username="bobs_second", display_name="Second", is_primary=False)
    post = write(alice)
    say(bob, post), say(bob, post, "Another", page=second)
    assert read(alice)[1][0]["data"]["people"] == 2
    boundaries.block(member=alice, page=second, at=noon)
    assert read(alice)[1] == []


def test_of_several_only_who_is_kept_apart_is_not_named(alice, bob, mallory, write, say, read, client, noon):
    post = write(alice)
    say(bob, post), say(mallory, post, at=noon + timedelta(minutes=1))
    assert read(alice)[1][0]["title"] == "2 comments on your post, by Mallory and Bob"
    before = unread(client, alice)
    boundaries.block(member=alice, page=mallory.primary_page, at=noon)
    page, (told,) = read(alice)
    assert told["title"] == "2 comments on your post, by 2 people"
    assert [one["name"] for one in told["data"]["who"]] == ["Bob"]
    assert "Mallory" not in page
    assert unread(client, alice) == before


def test_blocks_of_others_and_notices_without_people_do_not_matter(alice, bob, mallory, mention, read, client, noon):
    boundaries.block(member=mallory, page=bob.primary_page, at=noon)
    boundaries.block(member=alice, page=mallory.primary_page, at=noon)
    assert len(read(alice)[1]) == 1
    assert unread(client, alice) == 2  # and the welcome


# -- What it costs ------------------------------------------------------------------------------------------------


def test_a_page_of_notices_costs_the_same_however_many_there_are(alice, bob, mallory, write, say, read, api, noon):
    boundaries.block(member=alice, page=mallory.primary_page, at=noon)

    def queries():
        gather(at=timezone.now())
        with CaptureQueriesContext(connection) as asked:
            rows = api(alice).get("/api/v1/notifications?page_size=100").json()["results"]
        return len(asked.captured_queries), len(rows)

    say(bob, write(bob, "@alice"), "@alice")
    few, shown = queries()
    for number in range(8):
        say(bob, write(bob, f"@alice {number}"), f"@alice {number}", at=noon + timedelta(days=number + 1))
    many, more = queries()
    assert more == shown + 16
    assert many == few
