"""Drafts: kept, ended by their post, thrown away."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from accounts.departures.forgetting import Leaving
from config.lib.refusals import NotAllowed
from economy.ledger.models import Transfer
from social.drafts import operations, rules
from social.drafts.models import Draft
from social.feed.models import Post
from social.feed.operations import write_post
from social.feed.operations.writing import UnusableText
from social.pictures.models import Picture
from social.pictures.operations import PictureGone

pytestmark = pytest.mark.django_db


def keep(writer, content="The first plums", *, at, **more):
    return operations.write_draft(writer=writer, content=content, at=at, **more)


def publish(writer, draft, *, at, content="The first plums are ripe.", **more):
    return write_post(
        author=writer,
        content=content,
        channel=Transfer.Channel.WEB,
        at=at,
        carrying={"draft": draft.pk, **more},
    )


def test_a_draft_keeps_words_parts_and_pictures(alice, send, now):
    one, two = send(alice), send(alice)
    draft = keep(
        alice,
        " Unfinished ",
        title="A  title",
        rest={"poll-question": ["Soup?"], "poll-options": ["Yes", "No"]},
        pictures=[{"id": two.pk, "alt": "second"}, {"id": one.pk, "alt": ""}],
        at=now,
    )
    kept = Draft.objects.get()
    assert (kept.pk, kept.title, kept.content) == (draft.pk, "A title", "Unfinished")
    assert kept.rest == {"poll-question": ["Soup?"], "poll-options": ["Yes", "No"]}
    assert list(kept.pictures.order_by("place").values_list("pk", "alt")) == [(two.pk, "second"), (one.pk, "")]


def test_what_is_left_out_of_a_change_stays(alice, send, now):
    draft = keep(alice, title="T", rest={"poll-question": ["Soup?"]}, pictures=[{"id": send(alice).pk}], at=now)
    changed = operations.change_draft(writer=alice, draft_id=draft.pk, content="More", at=now)
    assert (changed.title, changed.content, changed.rest) == ("T", "More", {"poll-question": ["Soup?"]})
    assert changed.pictures.count() == 1
    operations.change_draft(writer=alice, draft_id=draft.pk, pictures=[], at=now)
    assert Picture.objects.get().draft_id is None


def test_of_one_form_there_is_one_draft(alice, bob, now):
    first = keep(alice, "One", key="form:1", at=now)
    second = keep(alice, "Two", key="form:1", at=now)
    keep(bob, "Mine", key="form:1", at=now)
    assert first.pk == second.pk
    assert list(Draft.objects.filter(user=alice).values_list("content", flat=True)) == ["Two"]


def test_publishing_ends_it_and_takes_the_pictures_along(alice, send, now):
    picture = send(alice)
    draft = keep(alice, pictures=[{"id": picture.pk}], at=now)
    post = publish(alice, draft, pictures=[{"id": picture.pk, "alt": "Plums"}], at=now)
    assert not Draft.objects.exists()
    assert Picture.objects.get().post_id == post.pk
    assert "draft" not in Post.objects.get().carries


def test_a_refused_post_leaves_the_draft(alice, now):
    draft = keep(alice, at=now)
    with pytest.raises(PictureGone):
        publish(alice, draft, pictures=[{"id": draft.pk}], at=now)
    with pytest.raises(UnusableText):
        publish(alice, draft, content=" ", at=now)
    assert Draft.objects.filter(pk=draft.pk).exists() and not Post.objects.exists()


def test_a_draft_is_published_once(alice, now):
    draft = keep(alice, at=now)
    publish(alice, draft, at=now)
    with pytest.raises(operations.DraftGone):
        publish(alice, draft, content="Other words.", at=now)
    assert Post.objects.count() == 1


def test_nobody_else_has_to_do_with_it(alice, mallory, send, now):
    draft = keep(alice, pictures=[{"id": send(alice).pk}], at=now)
    for attempt in (
        lambda: operations.change_draft(writer=mallory, draft_id=draft.pk, content="Mine", at=now),
        lambda: operations.throw_draft_away(writer=mallory, draft_id=draft.pk),
        lambda: publish(mallory, draft, at=now),
        lambda: keep(mallory, pictures=[{"id": Picture.objects.get().pk}], at=now),
    ):
        with pytest.raises((operations.DraftGone, PictureGone)):
            attempt()
    assert Draft.objects.get().content == "The first plums"
    assert not Post.objects.exists()


def test_thrown_away_it_leaves_its_pictures_to_their_job(alice, send, now):
    draft = keep(alice, pictures=[{"id": send(alice).pk}], at=now)
    operations.throw_draft_away(writer=alice, draft_id=draft.pk)
    assert not Draft.objects.exists()
    assert Picture.objects.loose().count() == 1


@pytest.mark.parametrize(
    "given",
    [
        {"content": ""},
        {"content": " \n", "title": " "},
        {"content": "x" * 2001},
        {"content": "a\0b"},
        {"content": "\ud800"},
        {"title": "x" * 201},
        {"rest": {"poll-question": ["a\0"]}},
        {"rest": {"a\0": ["a"]}},
        {"rest": {"poll-question": ["x" * 20_001]}},
    ],
)
def test_what_cannot_be_kept_is_refused(alice, now, given):
    with pytest.raises(UnusableText):
        keep(alice, **({"content": "Words"} | given), at=now)
    assert not Draft.objects.exists()


def test_more_than_fifty_are_too_many_but_those_one_has_can_change(alice, bob, now):
    drafts = [keep(alice, f"Draft {number}", at=now) for number in range(rules.MOST)]
    with pytest.raises(operations.TooManyDrafts):
        keep(alice, at=now)
    operations.change_draft(writer=alice, draft_id=drafts[0].pk, content="Changed", at=now)
    keep(bob, at=now)


def test_suspended_members_keep_nothing(alice, now):
    alice.status = "SUSPENDED"
    with pytest.raises(NotAllowed):
        keep(alice, at=now)


def test_erasing_takes_all_drafts(alice, bob, now):
    keep(alice, at=now)
    keep(bob, at=now)
    operations.forget_drafts(Leaving(member=alice, removes_writing=False, at=now))
    assert [draft.user_id for draft in Draft.objects.all()] == [bob.pk]


def test_of_a_form_only_the_parts_fields_are_kept():
    form = {
        "poll-question": ["Soup?"],
        "poll-options": ["", "No"],
        "poll-empty": [""],
        "bounty-amount": ["5"],
        "pictures-kept": ["x"],
        "content": ["words"],
        "poll": ["x"],
        "csrfmiddlewaretoken": ["secret"],
    }
    assert rules.rest_of(form, ["poll", "bounty"]) == {
        "poll-question": ["Soup?"],
        "poll-options": ["", "No"],
        "bounty-amount": ["5"],
    }


# -- Races --------------------------------------------------------------------------------------------------------


def together(*works):
    start, outcomes = threading.Barrier(len(works)), Counter()

    def run(work):
        try:
            start.wait()
            work()
            outcomes["done"] += 1
        except operations.DraftGone:
            outcomes["gone"] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_that_publish_at_once_one_does(alice, now):
    draft = keep(alice, at=now)
    outcomes = together(
        *(lambda content=content: publish(alice, draft, content=content, at=now) for content in ("One.", "Two."))
    )
    assert outcomes == {"done": 1, "gone": 1}
    assert Post.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_form_kept_by_four_requests_at_once_is_one_draft(alice, now):
    outcomes = together(*(lambda: keep(alice, key="form:1", at=now) for _ in range(4)))
    assert outcomes == {"done": 4}
    assert Draft.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_keeping_while_publishing_locks_nobody_out(alice, send, now):
    for number in range(8):
        picture = send(alice)
        at = now + number * timedelta(minutes=10)  # late enough to be free
        draft = keep(alice, pictures=[{"id": picture.pk}], at=at)
        together(
            lambda draft=draft, picture=picture, number=number, at=at: publish(
                alice, draft, content=f"Words {number}", pictures=[{"id": picture.pk}], at=at
            ),
            lambda draft=draft, at=at: operations.change_draft(writer=alice, draft_id=draft.pk, content="More", at=at),
        )
        assert Post.objects.filter(content=f"Words {number}").count() == 1
        assert not Draft.objects.exists()
