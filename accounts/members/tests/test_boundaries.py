"""Blocks, mutes, muted words."""

import re
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils import timezone

from accounts.members import boundaries, operations, queries, rules
from accounts.members.models import Block, Mute, MutedWord, Page
from config.lib.refusals import NotThere


@pytest.fixture
def other(alice):
    """A second page of alice's."""
    return operations.open_page(member=alice, username="baker", display_name="The baker", at=timezone.now())


@pytest.mark.django_db
class TestBlocks:
    def test_a_block_holds_both_ways_and_on_all_pages(self, alice, bob, mallory, other, now):
        boundaries.block(member=bob, page=other, at=now)
        assert boundaries.keep_apart(alice.pk, bob.pk)
        assert boundaries.keep_apart(bob.pk, alice.pk)
        assert not boundaries.keep_apart(bob.pk, mallory.pk)
        assert Block.objects.get().page == other  # the other page is not given away
        boundaries.block(member=bob, page=alice.primary_page, at=now)  # by another page: the same member
        assert Block.objects.count() == 1

    def test_it_ends_by_any_page_of_theirs_and_only_ones_own(self, alice, bob, mallory, other, now):
        boundaries.block(member=bob, page=alice.primary_page, at=now)
        boundaries.unblock(member=mallory, page=alice.primary_page)
        boundaries.unblock(member=alice, page=bob.primary_page)
        assert boundaries.keep_apart(alice.pk, bob.pk)
        boundaries.unblock(member=bob, page=other)
        boundaries.unblock(member=bob, page=other)
        assert not boundaries.keep_apart(alice.pk, bob.pk)

    def test_both_may_block(self, alice, bob, now):
        boundaries.block(member=alice, page=bob.primary_page, at=now)
        boundaries.block(member=bob, page=alice.primary_page, at=now)
        boundaries.unblock(member=alice, page=bob.primary_page)
        assert boundaries.keep_apart(alice.pk, bob.pk)

    def test_not_oneself(self, alice, other, now):
        for boundary in (boundaries.block, boundaries.mute):
            with pytest.raises(boundaries.OwnBoundary):
                boundary(member=alice, page=other, at=now)

    def test_the_suspended_may_keep_others_away(self, alice, bob, now):
        type(bob).objects.filter(pk=bob.pk).update(status="SUSPENDED")
        bob.refresh_from_db()
        boundaries.block(member=bob, page=alice.primary_page, at=now)
        assert boundaries.keep_apart(alice.pk, bob.pk)

    def test_the_list_has_an_end(self, alice, bob, mallory, now, monkeypatch):
        monkeypatch.setattr(boundaries, "MOST_PAGES", 1)
        for boundary in (boundaries.block, boundaries.mute):
            boundary(member=alice, page=bob.primary_page, at=now)
            boundary(member=alice, page=bob.primary_page, at=now)
            with pytest.raises(boundaries.TooManyBoundaries):
                boundary(member=alice, page=mallory.primary_page, at=now)

    def test_how_a_reader_stands_to_a_page(self, alice, bob, mallory, now, django_assert_num_queries):
        boundaries.block(member=bob, page=alice.primary_page, at=now)
        boundaries.mute(member=bob, page=alice.primary_page, at=now)
        relation = queries.Relation
        with django_assert_num_queries(3):
            assert queries.relation_to(alice.primary_page, bob) == relation(True, True, True)
            assert queries.relation_to(bob.primary_page, alice) == relation(False, True, False)
            assert queries.relation_to(bob.primary_page, mallory) == relation()
        with django_assert_num_queries(0):
            assert queries.relation_to(alice.primary_page, alice) == relation()
            assert queries.relation_to(alice.primary_page, AnonymousUser()) == relation()


@pytest.mark.django_db
class TestMutes:
    def test_a_mute_is_of_one_page(self, alice, bob, other, now):
        boundaries.mute(member=bob, page=other, at=now)
        boundaries.mute(member=bob, page=other, at=now)
        assert [mute.page for mute in Mute.objects.filter(user=bob)] == [other]
        boundaries.unmute(member=bob, page=alice.primary_page)
        assert Mute.objects.exists()
        boundaries.unmute(member=bob, page=other)
        assert not Mute.objects.exists()

    def test_words_are_kept_once_whatever_their_case(self, bob, now):
        first = boundaries.mute_word(member=bob, word="  Spoiler \n", at=now)
        assert first.word == "Spoiler"
        assert boundaries.mute_word(member=bob, word="SPOILER", at=now) == first
        assert MutedWord.objects.count() == 1

    @pytest.mark.parametrize("word", ["", "   ", "\u200b", "x" * 51, "\0"])
    def test_what_cannot_be_muted(self, bob, now, word):
        with pytest.raises(boundaries.UnusableWord):
            boundaries.mute_word(member=bob, word=word, at=now)

    def test_a_hundred_words_are_the_most(self, bob, now):
        MutedWord.objects.bulk_create(MutedWord(user=bob, word=f"word {number}") for number in range(100))
        boundaries.mute_word(member=bob, word="Word 7", at=now)
        with pytest.raises(boundaries.TooManyBoundaries):
            boundaries.mute_word(member=bob, word="one more", at=now)

    def test_only_ones_own_words_are_unmuted(self, bob, mallory, now):
        word = boundaries.mute_word(member=bob, word="spoiler", at=now)
        with pytest.raises(NotThere):
            boundaries.unmute_word(member=mallory, word_id=word.pk)
        with pytest.raises(NotThere):
            boundaries.unmute_word(member=bob, word_id=uuid4())
        boundaries.unmute_word(member=bob, word_id=word.pk)
        assert not MutedWord.objects.exists()


FOUND = [
    ("cat", "My cat!"),
    ("cat", "CAT"),
    ("cat", "cat"),
    ("élan", "Quel ÉLAN."),
    ("новый год", "С Новый  год вас"),
    ("剧透", "这是剧透啊"),
    ("ネタバレ", "これはネタバレです"),
    ("#game", "look, #game on"),
    ("c++", "I like C++ much"),
    ("a.b", "so a.b it is"),
    ("🎄", "merry 🎄🎄"),
    ("two  words", "two\nwords"),
    ("under_score", "an under_score here"),
    ("50%", "now 50% off"),
    ("[x]", "the [x] thing"),
    ("\\d", "a \\d here"),
]
NOT_FOUND = [("cat", "category"), ("cat", "concat"), ("cat", "cat_food"), ("a.b", "axb"), ("\\d", "7"), ("c+", "ccc")]


class TestWords:
    @pytest.mark.parametrize(("word", "text"), FOUND)
    def test_a_word_is_found(self, word, text):
        assert re.search(rules.pattern_of([rules.muted_word(word)]), text, re.IGNORECASE)

    @pytest.mark.parametrize(("word", "text"), NOT_FOUND)
    def test_only_as_a_whole(self, word, text):
        assert not re.search(rules.pattern_of([rules.muted_word(word)]), text, re.IGNORECASE)

    @pytest.mark.django_db
    def test_postgresql_finds_the_same(self):
        with connection.cursor() as cursor:
            for pairs, is_found in ((FOUND, True), (NOT_FOUND, False)):
                for word, text in pairs:
                    cursor.execute("SELECT %s ~* %s", [text, rules.pattern_of([rules.muted_word(word)])])
                    assert cursor.fetchone()[0] is is_found, (word, text)

    def test_several_words_make_one_pattern(self):
        pattern = rules.pattern_of(["cat", "dog"])
        assert re.search(pattern, "a dog") and re.search(pattern, "a cat") and not re.search(pattern, "a bird")
        assert rules.pattern_of([]) == ""


@pytest.mark.django_db
class TestLists:
    """`leave_out` over any list; here over pages themselves, whose words are their bio."""

    def shown_to(self, reader):
        pages = boundaries.leave_out(Page.objects.all(), reader, author="user_id", page="id", text="bio")
        return set(pages.values_list("username", flat=True))

    def test_visitors_see_all_without_a_query_more(self, alice, bob, now, django_assert_num_queries):
        boundaries.block(member=bob, page=alice.primary_page, at=now)
        with django_assert_num_queries(1):
            assert self.shown_to(AnonymousUser()) == {"alice", "bob"}

    def test_each_reader_has_boundaries_of_their_own(self, alice, bob, mallory, other, now):
        boundaries.block(member=bob, page=other, at=now)
        boundaries.mute(member=mallory, page=other, at=now)
        assert self.shown_to(bob) == {"bob", "mallory"}
        assert self.shown_to(alice) == {"alice", "baker", "mallory"}
        assert self.shown_to(mallory) == {"alice", "bob", "mallory"}

    def test_words_leave_out_others_texts_not_ones_own(self, alice, bob, now):
        Page.objects.update(bio="Trains and bread")
        boundaries.mute_word(member=bob, word="trains", at=now)
        assert self.shown_to(bob) == {"bob"}
        assert self.shown_to(alice) == {"alice", "bob"}

    def test_it_costs_two_queries_however_many_there_are(self, join, bob, now, django_assert_num_queries):
        for number in range(6):
            member = join(f"member_{number}")
            boundaries.mute(member=bob, page=member.primary_page, at=now)
            boundaries.mute_word(member=bob, word=f"word {number}", at=now)
        with django_assert_num_queries(2):
            assert self.shown_to(bob) == {"bob"}
