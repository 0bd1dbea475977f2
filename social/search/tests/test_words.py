"""The rows of words follow what they belong to, however it changes."""

import unicodedata
from importlib import import_module

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Value
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.members.models import Page
from social.feed import operations
from social.feed.models import Comment, Post
from social.search import queries, rules
from social.search.kinds import kind_named
from social.search.models import CommentWords, PageWords, PostWords
from social.search.rules import parse

pytestmark = pytest.mark.django_db


def matches(rows, words, *, config="english"):
    return rows.filter(words=SearchQuery(words, config=config)).exists()


def test_a_post_is_found_by_its_title_and_text_until_it_is_removed(alice, write, noon):
    post = write(alice, "Rain filled all the barrels.", title="Gardens")
    rows = PostWords.objects.filter(post=post)
    assert matches(rows, "garden") and matches(rows, "barrel") and not matches(rows, "snow")

    operations.edit_post(editor=alice, post_id=post.pk, content="Snow fell.", title="Gardens", at=noon)
    assert matches(rows, "snow") and not matches(rows, "barrel")

    operations.remove_post(remover=alice, post_id=post.pk, at=noon)
    assert not rows.exists()


def test_a_draft_has_no_words_until_it_is_published(alice, write):
    post = write(alice, "A secret so far.")
    Post.objects.filter(pk=post.pk).update(status="DRAFT")
    assert not PostWords.objects.filter(post=post).exists()
    Post.objects.filter(pk=post.pk).update(status="PUBLISHED")
    assert matches(PostWords.objects.filter(post=post), "secret")


def test_words_are_not_written_again_when_a_post_is_tipped(alice, write):
    post = write(alice, "Rain.")
    PostWords.objects.filter(post=post).update(words="")
    Post.objects.filter(pk=post.pk).update(total_tokens_received=5, content=post.content)
    assert not matches(PostWords.objects.filter(post=post), "rain")


def test_a_comment_is_found_until_it_is_removed(alice, bob, write, say, noon):
    comment = say(bob, write(alice), "Hedgehogs like it.")
    rows = CommentWords.objects.filter(comment=comment)
    assert matches(rows, "hedgehog")
    operations.edit_comment(editor=bob, comment_id=comment.pk, content="Badgers do.", at=noon)
    assert matches(rows, "badger") and not matches(rows, "hedgehog")
    operations.remove_comment(remover=bob, comment_id=comment.pk, at=noon)
    assert not rows.exists()


def test_a_page_is_found_by_its_names_and_what_it_tells(alice):
    page = alice.primary_page
    Page.objects.filter(pk=page.pk).update(username="the_gardener", display_name="Ana Ríos", bio="Growing tomatoes")
    rows = PageWords.objects.filter(page=page)
    assert matches(rows, "the gardener", config="simple") and matches(rows, "ríos", config="simple")
    assert matches(rows, "tomato")
    Page.objects.filter(pk=page.pk).update(is_active=False)
    assert not rows.exists()
    Page.objects.filter(pk=page.pk).update(is_active=True)
    assert rows.exists()


def test_a_bulk_is_found_too(alice, write):
    template = write(alice, "Rain.")
    values = {field.attname: getattr(template, field.attname) for field in Post._meta.concrete_fields}
    posts = [Post(**values | {"id": None, "content": f"Bulk {n}", "key": None}) for n in range(3)]
    for post in posts:
        post.pk = Post._meta.pk.get_default()
    Post.objects.bulk_create(posts)
    assert PostWords.objects.filter(words=SearchQuery("bulk", config="english")).count() == 3


@pytest.mark.parametrize("kind", ["posts", "comments", "pages"])
def test_what_was_there_before_is_found_in_chunks(alice, bob, write, say, kind):
    comments = [say(bob, write(alice, f"Post {n}"), f"Comment {n}") for n in range(3)]
    operations.remove_comment(remover=bob, comment_id=comments[0].pk, at=comments[0].created_at)
    model, whole = {"posts": (PostWords, 3), "comments": (CommentWords, 2), "pages": (PageWords, 2)}[kind]
    kept = set(model.objects.values_list("pk", "words"))
    model.objects.all().delete()
    last, rounds = "00000000-0000-0000-0000-000000000000", 0
    while last is not None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT social_find_{kind}(%s::uuid, 2)", [last])
            (last,) = cursor.fetchone()
        rounds += 1
    assert set(model.objects.values_list("pk", "words")) == kept
    assert len(kept) == whole and rounds >= 2


def test_blanked_words_are_found_no_more(alice, bob, write, say):
    comment = say(bob, write(alice), "My address is Lane 5.")
    Comment.objects.filter(pk=comment.pk).update(content="–")
    assert not matches(CommentWords.objects.filter(comment=comment), "address")


# -- One form -----------------------------------------------------------------------------------------------------


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00", max_codepoint=0x1FFFF)))
@example("re\u0301sume\u0301 <b>\ufb01n</b>")
@example("\uff46\uff4f\uff5a\uff5a\uff1cx\uff1e a\u00adb\u200f\ufe0f")
@example("今日は東京へ行きます")
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_is_looked_for_has_the_form_of_what_is_kept(text):
    if any(unicodedata.category(letter) == "Cn" for letter in text):
        return  # the two may know another edition of Unicode
    with connection.cursor() as cursor:
        cursor.execute("SELECT social_searchable(%s)", [text])
        assert cursor.fetchone()[0] == rules.searchable(text)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Zw\u00f6lf Boote", "Zwo\u0308lf"),
        ("re\u0301sume\u0301 of a year", "r\u00e9sum\u00e9"),
        ("The fozzlebear sleeps", "fozzlebear\u200f"),
        ("The fozz\u00adle\u200bbear sleeps", "fozzlebear"),
        ("The fozzlebear sleeps", "\uff46\uff4f\uff5a\uff5a\uff4c\uff45\uff42\uff45\uff41\uff52"),
        ("\u0645\u0631\u062d\u0628\u0627 everybody", "\u0645\u0631\u062d\u0628\u0627\u200f"),
        ("A Map<Stringqux> and vector<intqux>", "stringqux intqux"),
        ("今日は東京へ行きます", "東京"),
        ("今日は東京へ行きます", "今日"),
    ],
)
def test_words_are_found_however_their_letters_are_put_together(alice, write, typed, written):
    post = write(alice, written)
    write(alice, "Something else, 京 and 東 among it")
    (row,) = queries.results(kind_named("posts"), parse(typed), AnonymousUser()).rows
    assert row.found.id == post.pk
    assert any(is_match for _text, is_match in row.text)
    plain = "".join(text for text, _is_match in row.text)
    assert rules.even(written).startswith(plain.strip("… "))


def test_a_hashtag_is_understood_in_either_form():
    assert parse("#TAGE\u0301").tags == parse("#tag\u00e9").tags == ("tag\u00e9",)


@pytest.mark.parametrize("kind", ["post", "comment", "page"])
def test_words_of_before_are_written_anew(alice, bob, write, say, kind):
    post = write(alice, "Zw\u00f6lf <Boote>")
    comment = say(bob, post, "Zw\u00f6lf <Boote>")
    Page.objects.filter(pk=bob.primary_page.pk).update(bio="Zw\u00f6lf <Boote>")
    plain = write(bob, "Plain words")
    rows = {"post": (PostWords, post), "comment": (CommentWords, comment), "page": (PageWords, bob.primary_page)}
    words, row = rows[kind]
    words.objects.update(words=Value(""))
    with connection.schema_editor() as editor:
        import_module("social.migrations.0074_words_anew").write_anew(None, editor)
    assert matches(words.objects.filter(pk=row.pk), "boot")
    assert not matches(words.objects.filter(pk=plain.pk), "plain")  # nothing in it could have changed
