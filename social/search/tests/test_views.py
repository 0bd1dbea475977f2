"""The page of search in the browser, and what its box offers."""

import re

import pytest
from constance.test import override_config
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from social.search.kinds import registered

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def test_without_a_question_the_page_says_what_one_can_type(client):
    response = client.get("/search/")
    assert response.status_code == 200
    assert "What you can type" in text_of(response)
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_all_kinds_at_a_glance_with_their_matches_marked(client, alice, bob, write, say):
    say(bob, write(alice, "Rain in the barrel", title="Water"), "alice likes rain")
    shown = client.get("/search/", {"q": "rain"})
    assert "<mark>Rain</mark> in the barrel" in shown.content.decode()
    assert "On “Water”" in text_of(shown)
    assert "Alice" in text_of(client.get("/search/", {"q": "alice"}))


def test_a_tab_shows_one_kind_page_by_page(client, alice, write):
    for n in range(25):
        write(alice, f"Rain {n}")
    first = client.get("/search/", {"q": "rain", "type": "posts"})
    assert first.content.decode().count('class="result"') == 20
    assert 'aria-current="page"' in first.content.decode()
    older = re.search(r'href="(/search/\?[^"]+)" rel="next"', first.content.decode())[1].replace("&amp;", "&")
    assert client.get(older).content.decode().count('class="result"') == 5
    assert client.get("/search/", {"q": "rain", "type": "posts", "cursor": "nonsense"}).status_code == 200


def test_what_members_write_is_text(client, alice, write):
    write(alice, "<script>alert(1)</script> <img src=x onerror=alert(1)> rain & <mark>no</mark>", title="<b>rain</b>")
    shown = client.get("/search/", {"q": 'rain"><script>alert(2)</script>'}).content.decode()
    shown += client.get("/search/", {"q": "rain"}).content.decode()
    assert "<script>alert" not in shown and "<img src=x" not in shown and "<b>rain" not in shown
    assert "<mark>no" not in shown


def test_nothing_found_says_so_and_guesses(client, alice):
    shown = text_of(client.get("/search/", {"q": "alicce"}))
    assert "Nothing found for “alicce”" in shown and "Did you mean" in shown and "@alice" in shown


def test_what_is_left_out_alone_is_too_wide(client):
    assert "nearly everything" in text_of(client.get("/search/", {"q": "-snow"}))


@pytest.mark.parametrize(
    "typed",
    ["", "\x00", "a\x00b", "'", "\\", "'; DROP TABLE social_post; --", "%", "🙂", "a:*", "&|!", "(", "<->", "٢"],
)
@pytest.mark.parametrize("kind", ["all", *(kind.name for kind in registered()), "coins"])
def test_odd_text_is_answered(client, typed, kind):
    assert client.get("/search/", {"q": typed, "type": kind}).status_code == 200


def test_too_much_is_refused_kindly(client):
    response = client.get("/search/", {"q": "x" * 201})
    assert response.status_code == 400
    assert "at most 200 characters" in text_of(response)


def test_searching_without_end_has_to_wait(client, alice):
    with override_config(SEARCHES_PER_MINUTE_VISITORS=1, SEARCHES_PER_MINUTE=2):
        assert client.get("/search/", {"q": "rain"}).status_code == 200
        refused = client.get("/search/", {"q": "rain"})
        assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0
        assert "Try again in" in text_of(refused)
        member = Client()
        member.force_login(alice)
        assert [member.get("/search/", {"q": "rain"}).status_code for _again in range(3)] == [200, 200, 429]


def test_looking_at_the_page_is_not_searching(client):
    with override_config(SEARCHES_PER_MINUTE_VISITORS=1):
        assert [client.get("/search/").status_code for _again in range(3)] == [200] * 3


def test_the_box_offers_names_and_is_a_form_without_scripts(client, alice):
    offered = client.get("/search/suggest/", {"q": "ali"}, headers=HTMX)
    assert 'role="option"' in offered.content.decode() and "@alice" in text_of(offered)
    assert "<html" not in offered.content.decode()
    assert client.get("/search/suggest/", {"q": "ali"}).headers["Location"] == "/search/?q=ali"
    assert text_of(client.get("/search/suggest/", {"q": " "}, headers=HTMX)).strip() == ""
    assert 'action="/search/"' in client.get("/").content.decode()


def test_whoever_types_too_fast_is_offered_nothing_for_a_while(client, alice):
    with override_config(SUGGESTIONS_PER_MINUTE_VISITORS=1):
        client.get("/search/suggest/", {"q": "ali"}, headers=HTMX)
        answer = client.get("/search/suggest/", {"q": "alic"}, headers=HTMX)
    assert answer.status_code == 200 and text_of(answer).strip() == ""


def test_the_page_costs_the_same_however_much_is_found(client, alice, bob, write, say):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            client.get("/search/", {"q": "rain"})
        return len(asked)

    say(bob, write(alice, "Rain"), "Rain")
    client.get("/search/", {"q": "rain"})
    few = queries()
    for n in range(6):
        say(bob, write(alice, f"Rain {n}"), f"Rain {n}")
    assert queries() == few <= 19


def test_posting_to_search_is_not_allowed(client):
    assert client.post("/search/", {"q": "rain"}).status_code == 405
