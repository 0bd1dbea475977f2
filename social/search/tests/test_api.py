"""Search as programs ask for it."""

import pytest
from constance.test import override_config

pytestmark = pytest.mark.django_db

URL = "/api/v1/search"


def test_a_visitor_finds_posts_with_their_matches_marked(api, alice, write):
    post = write(alice, "Rain in the barrel", title="Water")
    answer = api().get(URL, {"q": "barrels"})
    assert answer.status_code == 200
    (row,) = answer.json()["results"]
    assert (row["type"], row["id"], row["page"]["username"]) == ("posts", str(post.pk), "alice")
    assert row["title"] == [{"text": "Water", "matches": False}]
    assert {"text": "barrel", "matches": True} in row["excerpt"]
    assert row["url"].endswith(f"/p/{post.pk}/")


@pytest.mark.parametrize("kind", ["pages", "comments", "hashtags"])
def test_other_kinds_are_asked_for_by_name(api, alice, bob, write, say, kind):
    say(bob, write(alice, "x"), "alice is right")
    answer = api(alice).get(URL, {"q": "alice", "type": kind})
    assert answer.status_code == 200
    assert len(answer.json()["results"]) == (0 if kind == "hashtags" else 1)


def test_pages_of_results_are_linked_both_ways(api, alice, write):
    for n in range(5):
        write(alice, f"Rain {n}")
    first = api().get(URL, {"q": "rain", "page_size": "2"}).json()
    second = api().get(first["next"]).json()
    third = api().get(second["next"]).json()
    seen = [row["id"] for page in (first, second, third) for row in page["results"]]
    assert len(set(seen)) == 5 and third["next"] is None
    assert api().get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "q"),
        ({"q": ""}, "q"),
        ({"q": "x" * 201}, "q"),
        ({"q": "a\x00b"}, "q"),
        ({"q": "rain", "type": "coins"}, "type"),
        ({"q": "rain", "cursor": "nonsense"}, "cursor"),
        ({"q": "rain", "page_size": "1000000000"}, "page_size"),
        ({"q": "rain", "page_size": "٥"}, "page_size"),
        ({"q": "rain", "page_size": "0"}, "page_size"),
    ],
)
def test_what_cannot_be_asked_is_a_problem_with_its_field(api, asked, field):
    answer = api().get(URL, asked)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_what_is_left_out_alone_finds_nothing(api, alice, write):
    write(alice, "Rain")
    assert api().get(URL, {"q": "-snow"}).json() == {"next": None, "previous": None, "results": []}


def test_visitors_search_less_often_than_members(api, alice):
    with override_config(SEARCHES_PER_MINUTE=3, SEARCHES_PER_MINUTE_VISITORS=2):
        assert [api().get(URL, {"q": "rain"}).status_code for _again in range(3)] == [200, 200, 429]
        assert [api(alice).get(URL, {"q": "rain"}).status_code for _again in range(4)] == [200, 200, 200, 429]
        refused = api().get(URL, {"q": "rain"})
    assert refused.json()["type"].endswith("search-limit")
    assert int(refused.headers["Retry-After"]) > 0


def test_suggestions_begin_like_what_is_typed(api, alice):
    answer = api().get(f"{URL}/suggestions", {"q": "@ali"})
    assert [one["title"] for one in answer.json()["pages"]] == ["Alice"]
    assert answer.json()["hashtags"] == []


def test_suggestions_have_a_limit_of_their_own(api):
    with override_config(SUGGESTIONS_PER_MINUTE_VISITORS=1, SEARCHES_PER_MINUTE_VISITORS=1):
        assert api().get(f"{URL}/suggestions", {"q": "a"}).status_code == 200
        assert api().get(f"{URL}/suggestions", {"q": "a"}).status_code == 429
        assert api().get(URL, {"q": "rain"}).status_code == 200
