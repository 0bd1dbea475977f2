"""The language of search: whatever is typed is understood, and means the same when it is written down again."""

from datetime import date

import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from social.search import rules
from social.search.rules import Query, Term, parse

SIGNS = st.sampled_from([*"ab é🙂漢ß\"'-@#:\\&|!()<>*%\t\n\x00\x02_./0129", "before:", "after:", " -", ' "', "@ana "])
TYPED = st.one_of(st.text(max_size=300), st.lists(SIGNS, max_size=60).map("".join))


def test_words_must_all_occur_and_phrases_stand_side_by_side():
    assert parse('garden "rain water"  barrel').terms == (
        Term("garden"),
        Term("rain water", is_phrase=True),
        Term("barrel"),
    )


def test_a_minus_leaves_out_words_phrases_authors_and_hashtags():
    query = parse('-snow -"hard frost" -@mallory -#winter spring')
    assert query.terms == (
        Term("snow", is_left_out=True),
        Term("hard frost", is_phrase=True, is_left_out=True),
        Term("spring"),
    )
    assert (query.not_authors, query.not_tags) == (("mallory",), ("winter",))


def test_names_and_hashtags_are_read_regardless_of_case_and_width():
    query = parse("@Ana_Maria @bob #Garden #ＧＡＲＤＥＮ #Straße")
    assert query.authors == ("ana_maria", "bob")
    assert query.tags == ("garden", "strasse")


@pytest.mark.parametrize(
    ("typed", "after", "before"),
    [
        ("after:2026-11-01", date(2026, 11, 1), None),
        ("before:2026-11", None, date(2026, 11, 1)),
        ("AFTER:2026 before:2026-2-3", date(2026, 1, 1), date(2026, 2, 3)),
        ("after:2026-01-01 after:2026-03-01", date(2026, 3, 1), None),
        ("before:2026-01-01 before:2026-03-01", None, date(2026, 1, 1)),
    ],
)
def test_days_narrow_down(typed, after, before):
    query = parse(typed)
    assert (query.after, query.before, query.terms) == (after, before, ())


@pytest.mark.parametrize(
    "typed", ["before:soon", "after:2026-13-01", "before:٢٠٢٦", "@an", "#", "-before:2026", "@über"]
)
def test_what_is_not_of_the_language_is_a_word(typed):
    query = parse(typed)
    assert (query.after, query.before, query.authors, query.tags) == (None, None, (), ())
    assert query.terms == ((Term(typed.lstrip("-"), is_left_out=typed[0] == "-"),) if typed != "#" else ())


@pytest.mark.parametrize("typed", ["", "   ", '"', '""', "-", "--", "!?", "-snow", "-@mallory", "before:2026-01-01"])
def test_what_finds_nothing_by_itself_is_empty(typed):
    assert parse(typed).is_empty


def test_an_open_quote_reaches_to_the_end():
    assert parse('say "good morning').terms == (Term("say"), Term("good morning", is_phrase=True))


def test_only_so_much_is_looked_for():
    assert len(parse(" ".join(f"w{n}" for n in range(40))).terms) == rules.MOST_TERMS
    assert len(rules.tidy("x" * 10_000)) == rules.LONGEST


@given(TYPED)
@example('@a"b" -"-"c -#ß #ﬃ')
def test_whatever_is_typed_means_the_same_when_it_is_written_down_again(typed):
    query = parse(typed)
    again = rules.written(query)
    if len(again) <= rules.LONGEST:
        assert parse(again) == query


@given(TYPED)
def test_a_query_holds_nothing_that_cannot_be_seen(typed):
    query = parse(typed)
    held = rules.written(query)
    assert not any(ord(sign) < 32 or 0xD800 <= ord(sign) <= 0xDFFF for sign in held)
    assert len(query.terms) <= rules.MOST_TERMS


@pytest.mark.django_db
@pytest.mark.parametrize("by_beginning", [False, True])
def test_the_database_understands_whatever_was_typed(by_beginning):
    typed = [
        "'",
        "\\",
        "a'b",
        "\\'",
        "a:*",
        "!a & (b",
        "<->",
        "a|b",
        '"',
        "o'brien's",
        "foo-bar/baz.txt",
        "🙂 a",
        "漢字",
        "the",
        "-a",
        "@@@",
        "a\\",
    ]

    with connection.cursor() as cursor:

        @given(TYPED)
        def understood(text):
            cursor.execute("SELECT to_tsquery('english', %s)", [rules.tsquery(parse(text), by_beginning=by_beginning)])

        understood()
        for text in typed:
            cursor.execute("SELECT to_tsquery('english', %s)", [rules.tsquery(parse(text), by_beginning=by_beginning)])


def test_no_word_is_taken_for_an_operator():
    assert rules.tsquery(parse("a|b & !c")) == "'a|b' & '!c'"
    assert rules.tsquery(parse('-x "y z" o\'k')) == "!'x' & 'y z' & 'o''k'"


def test_beginnings_are_for_words_alone():
    assert rules.tsquery(parse('gard "rain wat" -sno'), by_beginning=True) == "'gard':* & 'rain wat' & !'sno'"


def test_a_match_that_is_twice_as_good_outweighs_ninety_days():
    assert rules.score(rank=0.2, days=0) == pytest.approx(rules.score(rank=0.1, days=90))
    assert rules.score(rank=0.1, days=91) > rules.score(rank=0.2, days=0)


def test_excerpts_are_without_the_marks_of_markdown():
    assert (
        rules.plain("# Hello\n> **big** ~~old~~ `code` [a link](https://x.org/y)\n2 * 3")
        == "Hello big old code a link 2 3"
    )
    assert rules.plain("\x02not ours\x03") == "not ours"


def test_a_headline_falls_into_pieces():
    assert rules.marked("a \x02b\x03 c") == [("a ", False), ("b", True), (" c", False)]
    assert rules.marked("") == []


@pytest.mark.parametrize("meant", ["garden", "gardens", "gardn", "barden", "gadren", "gardén"])
def test_words_that_one_letter_makes_of_another_are_its_variants(meant):
    assert meant in rules.variants("garden") or (meant == "garden") or "é" in meant
    assert "garden" in rules.variants(meant) or meant == "garden"


@given(st.text("abc_9é", max_size=12))
def test_a_word_has_only_so_many_variants_and_is_none_itself(word):
    found = rules.variants(word)
    assert len(found) <= 76 * (len(word) + 1) + 38
    assert word not in found and "" not in found
    assert all(abs(len(name) - len(word)) <= 1 for name in found)


def test_a_query_without_anything_is_empty():
    assert Query().is_empty and not Query().has_words and Query().words == ""


@pytest.mark.parametrize(
    ("headline", "text", "shown"),
    [
        ("the garden", "Mind the garden, please", "… the garden …"),
        ("Mind the garden", "Mind the garden, please", "Mind the garden …"),
        ("garden, please", "Mind the garden, please", "… garden, please"),
        ("Mind it", "Mind it", "Mind it"),
    ],
)
def test_an_excerpt_says_where_the_text_goes_on(headline, text, shown):
    assert rules.cut_out(headline, text) == shown
