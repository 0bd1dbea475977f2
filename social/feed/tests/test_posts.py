"""Posts written and edited; removal has a file of its own."""

from datetime import timedelta
from decimal import Decimal as D
from uuid import uuid4

import pytest

from accounts.members.models import Page
from config.lib.idempotency import KeyReused
from config.lib.refusals import NotAllowed, NotThere
from economy.ledger.models import Transfer
from economy.ledger.operations import NotEnoughCoins
from social.feed import operations, queries, rules
from social.feed.models import Post
from social.feed.tests.conftest import balance, books_are_right, drain, fund

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def test_a_first_post_is_free_and_hot(alice, write, noon):
    post = write(alice, "  Hello, neighbours.\r\n ", title="First  words")
    post.refresh_from_db()
    assert (post.content, post.title) == ("Hello, neighbours.", "First words")
    assert (post.page, post.user, post.created_at) == (alice.primary_page, alice, noon)
    assert (post.status, post.queue_level, post.queue_entered_at) == ("PUBLISHED", 0, noon)
    assert post.visibility_score == rules.visibility_score(standing=D("0.00"), comments=0, born=noon)
    assert (balance(alice), Transfer.objects.filter(kind="POST_FEE").count()) == (D("100.00"), 0)


def test_a_post_can_be_written_as_another_page_of_ones_own_but_not_as_bobs(alice, bob, write):
    second = Page.objects.create(user=alice, username="alice_two", display_name="Two", is_primary=False)
    assert write(alice, page=second).page == second
    with pytest.raises(NotThere):
        write(alice, page=bob.primary_page)
    second.is_active = False
    with pytest.raises(NotThere):
        write(alice, page=second)


@pytest.mark.parametrize("status", ["SUSPENDED", "BANNED", "CLOSED"])
def test_who_may_not_act_does_not_write(alice, write, status, noon):
    post = write(alice)
    alice.status = status
    with pytest.raises(NotAllowed):
        write(alice)
    with pytest.raises(NotAllowed):
        operations.edit_post(editor=alice, post_id=post.pk, content="Other words.", at=noon)


# -- Texts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["x", "x" * 2000, "𝒳" * 2000, "é" * 2000, " " * 50 + "x" * 2000 + "\n" * 50])
def test_one_to_2000_characters_are_kept(alice, write, text):
    post = write(alice, text)
    post.refresh_from_db()
    assert post.content == text.strip()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Write something first."),
        (" \n\t ", "Write something first."),
        ("\u200b", "Write something first."),
        ("x" * 2001, "This is longer than 2000 characters."),
        ("a\0b", "This text holds characters that cannot be kept."),
        ("a\udfffb", "This text holds characters that cannot be kept."),
    ],
)
def test_other_texts_are_refused_with_the_reason(alice, write, text, says):
    with pytest.raises(operations.UnusableText) as refused:
        write(alice, text)
    assert (str(refused.value), refused.value.field) == (says, "content")
    assert not Post.objects.exists()


@pytest.mark.parametrize("title", ["x" * 201, "a\0b"])
def test_a_title_that_cannot_be_kept_is_named_as_such(alice, write, title):
    with pytest.raises(operations.UnusableText) as refused:
        write(alice, title=title)
    assert refused.value.field == "title"


# -- Saying the same again ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("again", ["Say it once.", "  SAY it\nonce. ", "Say\u200b it once.", "Ｓａｙ it once."])
def test_the_same_words_within_a_day_are_refused(alice, write, noon, again):
    write(alice, "Say it once.")
    with pytest.raises(operations.DuplicatePost) as refused:
        write(alice, again, at=noon + timedelta(hours=24) - MINUTE)
    assert refused.value.status == 409
    write(alice, again, at=noon + timedelta(hours=24))


def test_the_same_words_from_another_page_of_the_account_or_after_removal_are_refused(alice, write, noon):
    second = Page.objects.create(user=alice, username="alice_two", display_name="Two", is_primary=False)
    post = write(alice, "Say it once.")
    operations.remove_post(remover=alice, post_id=post.pk, at=noon)
    with pytest.raises(operations.DuplicatePost):
        write(alice, "Say it once.", page=second, at=noon + timedelta(hours=1))


def test_bob_may_say_what_alice_said(alice, bob, write):
    write(alice, "Say it once.")
    write(bob, "Say it once.")


def test_a_refused_repeat_costs_nothing(alice, write, noon):
    write(alice, "Say it once.")
    with pytest.raises(operations.DuplicatePost):
        write(alice, "Say it once.", at=noon + MINUTE)
    assert balance(alice) == D("100.00")


# -- Rapid posts --------------------------------------------------------------------------------------------------


def test_rapid_posts_cost_a_half_then_one_then_two(alice, write, noon):
    for number, left in enumerate(["100.00", "99.50", "98.50", "96.50"]):
        write(alice, at=noon + number * 9 * MINUTE)
        assert balance(alice) == D(left)
    assert fund("treasury") == D("3.50")
    write(alice, at=noon + 37 * MINUTE)
    assert balance(alice) == D("96.50")
    write(alice, at=noon + 38 * MINUTE)
    assert balance(alice) == D("96.00")
    assert books_are_right()


def test_a_fee_names_its_post(alice, write, noon):
    write(alice)
    post = write(alice, at=noon + MINUTE)
    fee = Transfer.objects.get(kind="POST_FEE")
    assert (fee.reference_type, fee.reference_id, fee.actor_id) == ("post", post.pk, alice.pk)


def test_pages_share_the_chain_and_removed_posts_stay_in_it(alice, write, noon):
    second = Page.objects.create(user=alice, username="alice_two", display_name="Two", is_primary=False)
    first = write(alice)
    operations.remove_post(remover=alice, post_id=first.pk, at=noon)
    write(alice, page=second, at=noon + MINUTE)
    assert balance(alice) == D("99.50")


def test_the_price_is_told_before_and_is_the_one_that_is_taken(alice, write, noon):
    for number in range(4):
        at = noon + number * MINUTE
        before = balance(alice)
        price = queries.price_of_next_post(author=alice, at=at)
        write(alice, at=at)
        assert before - balance(alice) == price


def test_a_rapid_post_that_cannot_be_paid_is_not_written(alice, write, noon):
    write(alice)
    drain(alice, to="0.49", at=noon)
    with pytest.raises(NotEnoughCoins):
        write(alice, at=noon + MINUTE)
    assert Post.objects.count() == 1
    assert balance(alice) == D("0.49")


# -- Keys ---------------------------------------------------------------------------------------------------------


def test_a_key_writes_one_post_and_pays_once(alice, write, noon):
    write(alice)
    first = write(alice, "Once.", key="k", at=noon + MINUTE)
    assert write(alice, "Once.", key="k", at=noon + 2 * MINUTE) == first
    assert (Post.objects.count(), balance(alice)) == (2, D("99.50"))


def test_a_key_with_other_words_is_refused(alice, bob, write):
    write(alice, "One.", key="k")
    for changed in ({"content": "Two."}, {"content": "One.", "title": "With a title"}):
        with pytest.raises(KeyReused):
            write(alice, key="k", **changed)
    write(bob, "Two.", key="k")


# -- Editing ------------------------------------------------------------------------------------------------------


def test_an_edit_changes_words_and_says_so(alice, write, noon):
    post = write(alice, "Before.", title="Old")
    later = noon + timedelta(hours=1)
    edited = operations.edit_post(editor=alice, post_id=post.pk, content=" After. ", at=later)
    assert (edited.content, edited.title) == ("After.", "Old")
    assert (edited.is_edited, edited.edited_at) == (True, later)
    edited = operations.edit_post(editor=alice, post_id=post.pk, title="New", at=later)
    post.refresh_from_db()
    assert (post.content, post.title, post.content_hash) == ("After.", "New", rules.hash_of("After."))
    assert post.updated_at == edited.updated_at


def test_an_edit_without_a_change_is_none(alice, write, noon):
    post = write(alice, "Before.")
    edited = operations.edit_post(editor=alice, post_id=post.pk, content="Before.", title="", at=noon)
    assert (edited.is_edited, edited.edited_at) == (False, None)


def test_an_edit_is_no_way_to_say_the_same_twice(alice, write, noon):
    write(alice, "Taken.")
    post = write(alice, "Free.")
    with pytest.raises(operations.DuplicatePost):
        operations.edit_post(editor=alice, post_id=post.pk, content="TAKEN.", at=noon)
    operations.edit_post(editor=alice, post_id=post.pk, content="FREE.", at=noon)


def test_an_edit_needs_usable_words(alice, write, noon):
    post = write(alice)
    for text in ("", "x" * 2001):
        with pytest.raises(operations.UnusableText):
            operations.edit_post(editor=alice, post_id=post.pk, content=text, at=noon)


def test_only_the_author_edits_and_only_what_is_there(alice, mallory, moderator, write, noon):
    post = write(alice)
    for who in (mallory, moderator):
        with pytest.raises(NotThere):
            operations.edit_post(editor=who, post_id=post.pk, content="Mine.", at=noon)
    operations.remove_post(remover=alice, post_id=post.pk, at=noon)
    for post_id in (post.pk, uuid4()):
        with pytest.raises(NotThere):
            operations.edit_post(editor=alice, post_id=post_id, content="Back.", at=noon)
