"""Polls through the composer, the page and the API."""

from datetime import timedelta

import pytest

from social.feed.models import Post
from social.feed.tests.over_http import API, NOWHERE, is_problem
from social.polls.models import Poll, PollOption, PollVote
from social.polls.tests.conftest import option_of

pytestmark = pytest.mark.django_db

ASKED = {"content": "What do you drink?", "poll": {"options": ["Tea", "Coffee"], "minutes": 60}}


@pytest.fixture
def post(alice, ask, now):
    return ask(alice, "Tea", "Coffee", at=now - timedelta(minutes=1))


@pytest.fixture
def over(alice, ask, now):
    return ask(alice, "Red", "Blue", minutes=5, at=now - timedelta(hours=1))


# -- API --------------------------------------------------------------------------------------------------------


def test_a_post_with_a_poll_is_written_and_read(api, alice):
    answer = api(alice).post(f"{API}/posts", ASKED)
    assert answer.status_code == 201, answer.json()
    poll = answer.json()["poll"]
    assert [(option["text"], option["votes"]) for option in poll["options"]] == [("Tea", None), ("Coffee", None)]
    read = api().get(f"{API}/posts/{answer.json()['id']}").json()
    assert (read["poll"], set(poll)) == (poll, {"ends_at", "voters", "options"})
    assert api().get(f"{API}/feed/hot").json()["results"][0]["poll"] == poll


def test_a_post_without_one_says_so(api, alice, write):
    post = write(alice)
    assert api().get(f"{API}/posts/{post.pk}").json()["poll"] is None
    assert is_problem(api().get(f"{API}/posts/{post.pk}/poll"), 404, "not-found")
    assert api(alice).post(f"{API}/posts", {"content": "None.", "poll": None}).json()["poll"] is None


@pytest.mark.parametrize(
    "poll",
    [
        [],
        "Tea",
        {},
        {"options": ["Tea", "Coffee"]},
        {"options": ["Tea"], "minutes": 60},
        {"options": list("abcdefg"), "minutes": 60},
        {"options": ["Tea", ""], "minutes": 60},
        {"options": ["Tea", 5], "minutes": 60},
        {"options": ["Tea", "x" * 81], "minutes": 60},
        {"options": "Tea", "minutes": 60},
        {"options": ["Tea", "Coffee"], "minutes": 4},
        {"options": ["Tea", "Coffee"], "minutes": 43201},
        {"options": ["Tea", "Coffee"], "minutes": None},
        {"options": ["Tea", "Coffee"], "minutes": 60, "ends_at": "2030-01-01T00:00:00Z"},
    ],
)
def test_what_is_no_poll_is_refused(api, alice, poll):
    assert is_problem(api(alice).post(f"{API}/posts", {"content": "What?", "poll": poll}), 400, "malformed")
    assert not Post.objects.exists()


def test_two_answers_that_are_the_same_are_refused(api, alice):
    asked = {"content": "What?", "poll": {"options": ["Tea", "TEA"], "minutes": 60}}
    assert is_problem(api(alice).post(f"{API}/posts", asked), 422, "unusable-poll")
    assert not Post.objects.exists()


def test_a_vote_tells_the_votes(api, alice, bob, post):
    path = f"{API}/posts/{post.pk}/vote"
    before = api(bob).get(f"{API}/posts/{post.pk}/poll").json()
    assert (before["is_over"], before["voters"], before["options"][0]["votes"]) == (False, 0, None)
    answer = api(bob).put(path, {"option": str(option_of(post, "Tea"))})
    assert answer.status_code == 200, answer.json()
    told = [(option["text"], option["votes"], option["share"], option["is_own"]) for option in answer.json()["options"]]
    assert told == [("Tea", 1, 1.0, True), ("Coffee", 0, 0.0, False)]
    changed = api(bob).put(path, {"option": str(option_of(post, "Coffee"))}).json()
    assert [option["votes"] for option in changed["options"]] == [0, 1]
    for reader in (api(alice), api()):
        assert reader.get(f"{API}/posts/{post.pk}/poll").json()["options"][1]["votes"] is None


def test_votes_that_do_not_count_are_refused(api, bob, post, over, ask, alice):
    path = f"{API}/posts/{post.pk}/vote"
    elsewhere = {"option": str(option_of(over, "Red"))}
    assert is_problem(api(bob).put(path, elsewhere), 404, "not-found")
    assert is_problem(api(bob).put(path, {"option": NOWHERE}), 404, "not-found")
    assert is_problem(api(bob).put(f"{API}/posts/{NOWHERE}/vote", elsewhere), 404, "not-found")
    assert is_problem(api(bob).put(f"{API}/posts/{over.pk}/vote", elsewhere), 409, "poll-over")
    assert api().put(path, elsewhere).status_code == 401
    for odd in (
        {},
        {"option": None},
        {"option": ["a"]},
        {"option": "Tea"},
        {**elsewhere, "user": "bob"},
    ):
        assert is_problem(api(bob).put(path, odd), 400, "malformed")
    assert not PollVote.objects.exists()


# -- Pages --------------------------------------------------------------------------------------------------------


def test_the_composer_asks(client, alice):
    client.force_login(alice)
    given = {"content": "What do you drink?", "poll-answer_1": "Tea", "poll-answer_4": "Coffee", "poll-minutes": "60"}
    assert client.post("/write/", given).status_code == 302
    poll = Poll.objects.get()
    assert [option.text for option in poll.options.order_by("place")] == ["Tea", "Coffee"]
    assert poll.ends_at - poll.created_at == timedelta(hours=1)
    card = client.get("/").content.decode()
    assert "Tea" in card
    assert f"/p/{poll.post_id}/poll/" in card


@pytest.mark.parametrize("minutes", [{}, {"poll-minutes": "1440"}, {"poll-minutes": "60"}, {"poll-minutes": ""}])
def test_an_untouched_part_asks_nothing(client, alice, minutes):
    client.force_login(alice)
    given = {"content": "Words alone.", "poll-answer_1": "", "poll-answer_2": " ", **minutes}
    assert client.post("/write/", given).status_code == 302
    assert not Poll.objects.exists()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"poll-answer_1": "Tea"}, "at least two answers"),
        ({"poll-answer_1": "Tea", "poll-answer_2": "tea"}, "are the same"),
        ({"poll-answer_1": "Tea", "poll-answer_2": "x" * 81}, "at most 80"),
        ({"poll-answer_1": "Tea", "poll-answer_2": "Coffee", "poll-minutes": "7"}, "not one of the available"),
        ({"poll-answer_1": "Tea", "poll-answer_6": "a\x00b"}, "Null characters"),
    ],
)
def test_a_poll_that_will_not_do_comes_back_as_it_was_typed(client, alice, given, says):
    client.force_login(alice)
    refused = client.post("/write/", {"content": "What do you drink?", **given})
    shown = refused.content.decode()
    assert refused.status_code == 422
    assert says in shown
    assert 'value="Tea"' in shown
    assert "What do you drink?" in shown
    assert not Post.objects.exists()


def test_its_page_votes_and_shows_the_result(client, bob, post):
    client.force_login(bob)
    page = client.get(f"/p/{post.pk}/").content.decode()
    assert 'type="radio"' in page
    assert "poll-result" not in page
    voted = client.post(f"/p/{post.pk}/vote/", {"option": option_of(post, "Tea")})
    assert (voted.status_code, voted["Location"]) == (302, f"/p/{post.pk}/#poll-{post.pk}")
    page = client.get(f"/p/{post.pk}/").content.decode()
    assert "Your vote is in." in page
    assert "100%" in page
    assert "Change your vote" in page


def test_in_place_it_is_drawn_anew(client, bob, post, over):
    client.force_login(bob)
    htmx = {"HTTP_HX_REQUEST": "true"}
    drawn = client.get(f"/p/{post.pk}/poll/", **htmx)
    assert b'type="radio"' in drawn.content
    assert b"<html" not in drawn.content
    voted = client.post(f"/p/{post.pk}/vote/", {"option": option_of(post, "Coffee")}, **htmx)
    assert (voted.status_code, b"poll-own" in voted.content) == (200, True)
    empty = client.post(f"/p/{post.pk}/vote/", {}, **htmx)
    assert (empty.status_code, b"Choose an answer first." in empty.content) == (422, True)
    late = client.post(f"/p/{over.pk}/vote/", {"option": option_of(over, "Red")}, **htmx)
    assert (late.status_code, b"This poll is over" in late.content) == (409, True)
    assert client.get(f"/p/{post.pk}/poll/")["Location"] == f"/p/{post.pk}/#poll-{post.pk}"


def test_visitors_see_the_answers_and_the_result_when_it_is_over(client, post, over, bob):
    page = client.get(f"/p/{post.pk}/").content.decode()
    assert "Sign in to vote" in page
    assert 'type="radio"' not in page
    assert "This poll is over." in client.get(f"/p/{over.pk}/").content.decode()
    assert client.post(f"/p/{post.pk}/vote/", {"option": option_of(post, "Tea")})["Location"].startswith("/signin/")
    client.force_login(bob)
    assert client.get(f"/p/{post.pk}/vote/").status_code == 405


@pytest.mark.parametrize("option", ["", "x" * 10_000, "\x00", "１２３", NOWHERE])
def test_odd_votes_change_nothing(client, mallory, post, option):
    client.force_login(mallory)
    assert client.post(f"/p/{post.pk}/vote/", {"option": option}).status_code in (302, 404)
    assert not PollVote.objects.exists()


def test_staff_see_polls_and_not_who_voted_for_what(client, moderator, bob, post):
    PollVote.objects.create(poll=Poll.objects.get(), option=PollOption.objects.first(), user=bob)
    client.force_login(moderator)
    shown = client.get(f"/admin/social/poll/{Poll.objects.get().pk}/change/").content.decode()
    assert "Coffee" in shown
    assert "bob" not in shown
    assert client.get("/admin/social/poll/?q=alice").status_code == 200


def test_the_feed_costs_no_more_queries_with_polls(client, bob, ask, join):
    writers = [join(f"writer_{number}") for number in range(4)]

    def queries():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as captured:
            assert client.get("/").status_code == 200
        return len(captured)

    ask(writers[0])
    client.get("/")
    few = queries()
    for writer in writers:
        ask(writer)
    assert queries() == few
