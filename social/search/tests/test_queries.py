"""What is found, in which order, and what nobody finds who may not see it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.members import boundaries
from accounts.members.models import Page, User
from config.lib.pagination import BadCursor
from social.feed import operations
from social.feed.models import Post
from social.hashtags.models import Hashtag, PostTag
from social.search import queries, rules
from social.search.kinds import kind_named
from social.search.queries import matching, suggesting

pytestmark = pytest.mark.django_db

NOBODY = AnonymousUser()


def found(kind, text, reader=NOBODY, **given):
    return queries.results(kind_named(kind), rules.parse(text), reader, **given)


def ids(kind, text, reader=NOBODY, **given):
    return [row.found.id for row in found(kind, text, reader, **given).rows]


def tag(post, *names):
    for name in names:
        hashtag, _made = Hashtag.objects.get_or_create(name=name)
        PostTag.objects.get_or_create(post=post, hashtag=hashtag)
        Hashtag.objects.filter(pk=hashtag.pk).update(posts_count=PostTag.objects.filter(hashtag=hashtag).count())


# -- The language -------------------------------------------------------------------------------------------------


def test_words_find_their_other_forms_in_titles_and_texts(alice, write):
    one = write(alice, "Rain filled the barrels.", title="Gardening")
    two = write(alice, "My garden has a barrel.")
    write(alice, "Snow.")
    assert set(ids("posts", "gardens barrel")) == {one.pk, two.pk}


def test_quotes_minus_authors_and_days_narrow_down(alice, bob, write):
    one = write(alice, "Fresh rain water in the barrel", at=datetime(2026, 3, 5, 12, tzinfo=UTC))
    two = write(bob, "Water after the rain", at=datetime(2026, 4, 5, 12, tzinfo=UTC))
    assert set(ids("posts", "rain water")) == {one.pk, two.pk}
    assert ids("posts", '"rain water"') == [one.pk]
    assert ids("posts", "water -barrel") == [two.pk]
    assert ids("posts", '-"rain water" rain') == [two.pk]
    assert ids("posts", "rain @alice") == [one.pk]
    assert ids("posts", "rain -@alice") == [two.pk]
    assert ids("posts", "@alice @bob after:2026-04") == [two.pk]
    assert ids("posts", "rain before:2026-04-05") == [one.pk]
    assert ids("posts", "rain after:2026-04-05") == [two.pk]
    assert ids("posts", "rain after:2026-04-06") == []
    assert ids("posts", "@nobody_here") == []


def test_hashtags_narrow_down_and_can_be_left_out(alice, bob, write, say):
    one, two = write(alice, "Rain. #garden #water"), write(alice, "Sun. #garden")
    tag(one, "garden", "water")
    tag(two, "garden")
    comment = say(bob, one, "What a rain.")
    assert set(ids("posts", "#Garden")) == {one.pk, two.pk}
    assert ids("posts", "#garden #water") == [one.pk]
    assert ids("posts", "#garden -#water") == [two.pk]
    assert ids("posts", "#nothing") == []
    assert ids("comments", "rain #water") == [comment.pk]
    assert ids("comments", "rain -#water") == []


def test_days_begin_when_they_do_for_the_reader(alice, write, settings):
    from django.utils import timezone

    post = write(alice, "Late rain", at=datetime(2026, 4, 30, 23, 30, tzinfo=UTC))
    assert ids("posts", "rain after:2026-05-01") == []
    with timezone.override("Europe/Berlin"):
        assert ids("posts", "rain after:2026-05-01") == [post.pk]


@pytest.mark.parametrize("typed", ["after:0001-01-01 rain", "before:9999-12-31 rain"])
def test_the_ends_of_the_calendar_are_days_too(alice, write, typed):
    from django.utils import timezone

    post = write(alice, "Rain")
    for zone in ("Pacific/Kiritimati", "America/Los_Angeles"):
        with timezone.override(zone):
            assert ids("posts", typed) == [post.pk]


def test_what_is_left_out_finds_nothing_by_itself(alice, write):
    write(alice, "Rain")
    for typed in ("", "-snow", "before:2027-01-01", "-@bob", "!!"):
        assert ids("posts", typed) == ids("comments", typed) == []


# -- Order --------------------------------------------------------------------------------------------------------


def test_a_title_weighs_more_and_of_two_alike_the_newer_comes_first(alice, write, noon):
    old = write(alice, "A word about bees", at=noon - timedelta(days=40))
    new = write(alice, "A note about bees", at=noon)
    titled = write(alice, "And all of this", title="Bees", at=noon - timedelta(days=20))
    assert ids("posts", "bees") == [titled.pk, new.pk, old.pk]


def test_after_years_even_the_better_match_is_behind(alice, write, noon):
    write(alice, "Other words", title="Bees", at=noon - timedelta(days=3000))
    new = write(alice, "All about bees")
    assert ids("posts", "bees")[0] == new.pk


def test_results_go_on_where_they_stopped_and_back_again(alice, write):
    posts = [write(alice, f"Rain {n}") for n in range(7)]
    whole = ids("posts", "rain")
    first = found("posts", "rain", size=3)
    second = found("posts", "rain", size=3, cursor=first.next)
    third = found("posts", "rain", size=3, cursor=second.next)
    pages = [[row.found.id for row in page.rows] for page in (first, second, third)]
    assert pages[0] + pages[1] + pages[2] == whole and len(whole) == len(posts)
    assert (first.previous, third.next) == (None, None)
    back = found("posts", "rain", size=3, cursor=second.previous)
    assert [row.found.id for row in back.rows] == pages[0]


def test_a_new_post_above_shows_nothing_twice(alice, write, noon):
    for n in range(4):
        write(alice, f"Rain {n}")
    first = found("posts", "rain", size=2)
    write(alice, "Rain anew", at=noon + timedelta(days=5))
    second = found("posts", "rain", size=2, cursor=first.next)
    assert not {row.found.id for row in first.rows} & {row.found.id for row in second.rows}


@pytest.mark.parametrize(
    "cursor", ["x", "!!", "W10", "eyJ9", "é", "a" * 500, "WzAsMCwiYSIsImIiXQ", "WzAsMCwxZTk5OSwxXQ"]
)
def test_a_cursor_that_is_not_ours_is_refused(cursor):
    with pytest.raises(BadCursor):
        found("posts", "rain", cursor=cursor)


def test_only_the_newest_matches_are_ranked(alice, write, monkeypatch):
    monkeypatch.setattr(matching, "MOST", 2)
    for n in range(4):
        write(alice, f"Rain {n}")
    assert len(ids("posts", "rain")) == 2


# -- Not written quite like it ------------------------------------------------------------------------------------


def test_where_nothing_matches_words_that_begin_alike_are_found(alice, write):
    post = write(alice, "Photosynthesis at dawn")
    shown = found("posts", "photosyn")
    assert [row.found.id for row in shown.rows] == [post.pk]
    assert shown.is_by_beginning
    assert not found("posts", "photosynthesis").is_by_beginning
    assert ids("posts", '"photosyn"') == []


def test_pages_of_similar_words_go_on_as_such(alice, write):
    for n in range(3):
        write(alice, f"Photosynthesis {n}")
    first = found("posts", "photosyn", size=2)
    assert len(found("posts", "photosyn", size=2, cursor=first.next).rows) == 1


def test_a_name_that_is_written_a_little_wrong_is_guessed(alice, bob, write, monkeypatch):
    monkeypatch.setattr(suggesting, "_knows_similar", False)
    tag(write(alice, "x"), "garden")
    Page.objects.filter(pk=bob.primary_page.pk).update(username="gardener")
    assert queries.guesses(rules.parse("gadren tips"), NOBODY) == ["tips #garden"]
    assert queries.guesses(rules.parse("@alic3"), NOBODY) == ["@alice"]
    assert queries.guesses(rules.parse("#gardn rain"), NOBODY) == ["rain #garden"]
    assert queries.guesses(rules.parse("zzzz"), NOBODY) == []


@pytest.mark.parametrize("typed", ["".join(chr(0x4E00 + n) for n in range(199)), " ".join(["gadren"] * 3 + ["alic3"])])
def test_long_words_and_many_are_not_guessed_at(alice, write, monkeypatch, typed):
    monkeypatch.setattr(suggesting, "_knows_similar", False)
    made = []
    real = rules.variants
    monkeypatch.setattr(rules, "variants", lambda word: made.append(word) or real(word))
    queries.guesses(rules.parse(typed), NOBODY)
    assert len(made) <= 6 and all(len(word) <= 24 for word in made)


def test_where_the_server_knows_trigrams_it_compares_names_by_them(alice, monkeypatch):
    from django.db import connection

    monkeypatch.setattr(suggesting, "_knows_similar", True)
    with connection.cursor() as cursor:
        # What pg_trgm brings, as far as it is asked for here.
        cursor.execute(
            "CREATE FUNCTION similarity(text, text) RETURNS real LANGUAGE sql AS"
            " $$ SELECT CASE WHEN left($1, 2) = left($2, 2) THEN 0.5::real ELSE 0 END $$;"
            "CREATE FUNCTION alike(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT similarity($1, $2) > 0.3 $$;"
            "CREATE OPERATOR % (LEFTARG = text, RIGHTARG = text, FUNCTION = alike)"
        )
    assert queries.guesses(rules.parse("alissa"), NOBODY) == ["@alice"]


def test_guesses_do_not_tell_of_those_who_keep_apart(alice, bob, monkeypatch, now):
    monkeypatch.setattr(suggesting, "_knows_similar", False)
    boundaries.block(member=alice, page=bob.primary_page, at=now)
    assert queries.guesses(rules.parse("@alic"), bob) == []


# -- What may not be seen -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hide",
    [
        lambda author, post: Post.objects.filter(pk=post.pk).update(deleted_at=post.created_at),
        lambda author, post: Post.objects.filter(pk=post.pk).update(status="DRAFT"),
        lambda author, post: Page.objects.filter(pk=post.page_id).update(is_active=False),
        lambda author, post: User.objects.filter(pk=author.pk).update(status="BANNED"),
        lambda author, post: User.objects.filter(pk=author.pk).update(status="CLOSED"),
    ],
    ids=["removed", "draft", "closed page", "banned", "closed account"],
)
def test_nobody_finds_what_nobody_sees(alice, bob, mallory, write, say, hide):
    post = write(alice, "A hidden meadow")
    say(bob, post, "Which meadow?")
    assert ids("posts", "meadow") and ids("comments", "meadow")
    hide(alice, post)
    for reader in (NOBODY, mallory, alice):
        assert ids("posts", "meadow", reader) == []
        assert ids("posts", "mead", reader) == []
        assert ids("comments", "meadow", reader) == []


def test_a_removed_comment_and_one_of_the_banned_are_not_found(alice, bob, mallory, write, say, noon):
    post = write(alice, "Words")
    one, _two = say(bob, post, "A meadow"), say(mallory, post, "My meadow")
    User.objects.filter(pk=mallory.pk).update(status="BANNED")
    assert ids("comments", "meadow") == [one.pk]
    operations.remove_comment(remover=bob, comment_id=one.pk, at=noon)
    assert ids("comments", "meadow") == []


@pytest.mark.parametrize("blocker", ["alice", "mallory"])
def test_a_block_of_either_hides_both_from_each_other(alice, bob, mallory, write, say, now, blocker):
    post = write(alice, "A meadow")
    say(bob, post, "Nice meadow")
    say(alice, write(bob, "Other"), "My meadow too")
    who, whom = (alice, mallory) if blocker == "alice" else (mallory, alice)
    boundaries.block(member=who, page=whom.primary_page, at=now)
    assert ids("posts", "meadow", mallory) == ids("comments", "meadow", mallory) == []
    assert ids("pages", "alice", mallory) == ids("pages", "mallory", alice) == []
    assert len(ids("posts", "meadow", bob)) == 1 and len(ids("comments", "meadow", bob)) == 2
    assert queries.suggestions("alice", mallory).pages == []


def test_muted_pages_and_words_are_left_out_for_who_muted_them(alice, bob, mallory, write, say, now):
    write(alice, "A meadow")
    say(alice, write(bob, "Hello"), "My meadow")
    tag(write(mallory, "A meadow of spiders"), "spiders")
    boundaries.mute(member=bob, page=alice.primary_page, at=now)
    boundaries.mute_word(member=bob, word="spiders", at=now)
    assert len(ids("posts", "meadow", bob)) == 0
    assert ids("comments", "meadow", bob) == []
    assert ids("pages", "alice", bob) == []
    assert ids("hashtags", "spiders", bob) == []
    assert len(ids("posts", "meadow")) == 2


def test_hashtags_without_posts_to_see_are_not_found():
    Hashtag.objects.create(name="empty", posts_count=0)
    assert ids("hashtags", "#empty") == []


def test_the_pseudonyms_of_the_erased_are_no_pages(alice, write):
    write(alice, "A meadow")
    Page.objects.filter(pk=alice.primary_page.pk).update(username="deleted_0123456789ab")
    User.objects.filter(pk=alice.pk).update(status="ERASED")
    assert ids("pages", "deleted_0123456789ab") == []
    assert ids("posts", "@deleted_0123456789ab") == []
    assert len(ids("posts", "meadow")) == 1


# -- Pages and hashtags -------------------------------------------------------------------------------------------


def test_pages_are_found_by_the_beginning_of_their_names_and_what_they_tell(alice, bob, mallory):
    Page.objects.filter(pk=alice.primary_page.pk).update(
        username="ana_1", display_name="Ana Ríos", bio="Growing plants"
    )
    Page.objects.filter(pk=bob.primary_page.pk).update(display_name="Anatol", followers_count=3)
    anas = ids("pages", "ana")
    assert set(anas) == {alice.primary_page.pk, bob.primary_page.pk}
    assert ids("pages", "@ana_1") == [alice.primary_page.pk]
    assert ids("pages", "rí") == [alice.primary_page.pk]
    assert ids("pages", "plant") == [alice.primary_page.pk]
    assert ids("pages", "mallory")[0] == mallory.primary_page.pk


def test_the_very_username_comes_first(alice, join):
    fan = join("alice_fan")
    Page.objects.filter(pk=fan.primary_page.pk).update(followers_count=100_000)
    assert ids("pages", "alice") == [alice.primary_page.pk, fan.primary_page.pk]


def test_hashtags_are_found_by_their_beginning_those_with_most_posts_first(alice, write):
    for n, names in enumerate([("garden", "gardens"), ("gardens",), ("gardens", "winter")]):
        tag(write(alice, f"x{n}"), *names)
    assert [row.found.title for row in found("hashtags", "gard").rows] == ["#gardens", "#garden"]
    assert [row.found.title for row in found("hashtags", "#garden").rows] == ["#garden", "#gardens"]
    assert ids("hashtags", "100%") == ids("hashtags", "_") == []


# -- Matches marked -----------------------------------------------------------------------------------------------


def test_matches_are_marked_in_titles_and_excerpts(alice, write):
    write(alice, "**Rain** filled <b>barrels</b> & " + "more " * 200 + "rainy end", title="Rainy days")
    (row,) = found("posts", "rain").rows
    assert ("Rainy", True) in row.title or ("Rain", True) in row.text
    assert ("Rain", True) in row.text
    assert len(row.plain_text) < 600
    assert "barrels" in row.plain_text and "**" not in row.plain_text


def test_what_is_set_around_matches_cannot_be_smuggled_in(alice, write):
    write(alice, "A \x02fake\x03 rain")
    (row,) = found("posts", "rain").rows
    assert row.text == [("A fake ", False), ("rain", True)]


def test_without_words_the_beginning_is_shown(alice, write):
    write(alice, "Long " * 100)
    (row,) = found("posts", "@alice").rows
    assert row.plain_text.endswith("…") and len(row.plain_text) < 230


# -- Cost ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 9])
@pytest.mark.parametrize(("kind", "most"), [("posts", 6), ("comments", 7), ("pages", 8), ("hashtags", 4)])
def test_a_page_of_results_costs_the_same_however_long(
    alice, bob, write, say, join, count, kind, most, django_assert_max_num_queries
):
    for n in range(count):
        post = write(alice, f"Rain {n} #rain{n}")
        say(bob, post, f"Rain {n}")
        tag(post, f"rain{n}")
        Page.objects.filter(pk=join(f"rain_{n}").primary_page.pk).update(display_name=f"Rain {n}")
    with django_assert_max_num_queries(most):
        assert len(found(kind, "rain", bob).rows) == count


def test_suggestions_are_pages_and_hashtags(alice, write):
    tag(write(alice, "x"), "alps")
    shown = queries.suggestions("al", NOBODY)
    assert [one.title for one in shown.pages] == ["Alice"]
    assert [one.title for one in shown.hashtags] == ["#alps"]
    assert queries.suggestions("@al", NOBODY).hashtags == []
    assert [one.title for one in queries.suggestions("@al", NOBODY).pages] == ["Alice"]
    assert queries.suggestions("#al", NOBODY).pages == []
    assert queries.suggestions("  ", NOBODY).pages == []
