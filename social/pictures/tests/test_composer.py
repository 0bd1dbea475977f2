"""Pictures in the composer, with and without scripts, and on cards."""

import re
from datetime import timedelta
from typing import Any

import pytest
from constance.test import override_config
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.members.tests.pictures import a_picture
from social.feed.models import Post
from social.pictures import operations
from social.pictures.models import Picture
from social.pictures.tests.conftest import a_file

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def as_alice(client: Client, alice: Any) -> Client:
    client.force_login(alice)
    return client


def write(client: Client, *, headers: Any = None, **form: Any) -> Any:
    return client.post(reverse("social:write_post"), {"content": "Look.", **form}, headers=headers)


def test_files_and_their_descriptions_without_scripts(as_alice):
    response = write(
        as_alice,
        **{
            "pictures-file_0": a_file("one.png"),
            "pictures-alt_0": "A red square",
            "pictures-file_2": a_file("two.png", a_picture("JPEG", "blue")),
            "pictures-alt_2": "A blue square",
        },
    )
    assert response.status_code == 302
    shown = as_alice.get(response["Location"]).content.decode()
    assert re.findall(r'alt="(A \w+ square)"', shown) == ["A red square", "A blue square"]
    assert [one["alt"] for one in Post.objects.get().carries["pictures"]] == ["A red square", "A blue square"]


def test_what_was_sent_with_a_refused_form_is_kept_in_it(as_alice):
    refused = write(as_alice, content="", **{"pictures-file_0": a_file(), "pictures-alt_0": "A square"})
    picture = Picture.objects.get()
    html = refused.content.decode()
    assert refused.status_code == 422
    assert f'name="pictures-kept" value="{picture.pk}"' in html
    assert 'name="pictures-kept_alt" value="A square"' in html
    assert 'name="pictures-file_2"' in html and 'name="pictures-file_3"' not in html
    assert re.search(r"<details class=\"composer-part\"[^>]* open>", html)

    again = write(as_alice, **{"pictures-kept": str(picture.pk), "pictures-kept_alt": "A red square"})
    assert again.status_code == 302
    assert Post.objects.get().carries["pictures"][0]["alt"] == "A red square"
    assert Picture.objects.count() == 1


def test_a_bad_file_is_said_at_the_part_and_the_good_one_is_kept(as_alice):
    refused = write(
        as_alice, **{"pictures-file_0": a_file(), "pictures-file_1": a_file("b.png", b"<svg/>"), "title": "A title"}
    )
    html = refused.content.decode()
    assert refused.status_code == 422
    assert "Picture 2: This is not a JPEG, PNG or WebP picture." in html
    assert 'value="A title"' in html and "Look." in html
    assert html.count('name="pictures-kept"') == 1
    assert not Post.objects.exists()


def test_a_picture_can_be_left_out_and_put_in_order(as_alice, alice, send):
    one, two, three = (str(send(alice).pk) for _ in range(3))
    response = write(
        as_alice,
        **{
            "pictures-kept": [three, one, two],
            "pictures-kept_alt": ["three", "one", "two"],
            "pictures-kept_drop": [one],
        },
    )
    assert response.status_code == 302
    assert [shown["alt"] for shown in Post.objects.get().carries["pictures"]] == ["three", "two"]


def test_a_fifth_picture_is_refused_and_not_even_taken_in(as_alice, alice, send):
    kept = [str(send(alice).pk) for _ in range(4)]
    refused = write(as_alice, **{"pictures-kept": kept, "pictures-kept_alt": [""] * 4, "pictures-file_0": a_file()})
    assert refused.status_code == 422
    assert "at most 4 pictures" in refused.content.decode()
    assert Picture.objects.count() == 4


@pytest.mark.parametrize("kept", ["nonsense", "019a0000-0000-7000-8000-000000000000", "\0", "x" * 100_000])
def test_ids_of_nothing_are_said_in_words(as_alice, kept):
    refused = write(as_alice, **{"pictures-kept": kept, "pictures-kept_alt": ""})
    assert refused.status_code == 422
    assert "no longer there" in refused.content.decode()


def test_another_members_picture_stays_hers(as_alice, bob, send):
    his = send(bob)
    refused = write(as_alice, **{"pictures-kept": str(his.pk), "pictures-kept_alt": "Mine now"})
    assert refused.status_code == 422
    assert his.pk.hex not in refused.content.decode()
    assert not Post.objects.exists()


def test_a_double_click_writes_one_post_with_its_pictures(as_alice, alice, send):
    form = as_alice.get(reverse("social:write_post")).context["form"]
    sent = {"key": str(form.initial["key"]), "pictures-kept": str(send(alice).pk), "pictures-kept_alt": "x"}
    first = write(as_alice, **sent)
    assert first.status_code == 302
    second = write(as_alice, **sent)
    assert second["Location"] == first["Location"]
    assert Post.objects.count() == 1


def test_beyond_the_hours_uploads_the_words_stay(as_alice):
    with override_config(UPLOADS_PER_HOUR=1):
        refused = write(as_alice, **{"pictures-file_0": a_file(), "pictures-file_1": a_file()})
    assert refused.status_code == 422
    assert "Look." in refused.content.decode()
    assert Picture.objects.count() == 1


def test_in_the_feed_the_new_post_comes_with_its_gallery(as_alice, alice, send):
    response = write(as_alice, headers=HTMX, **{"pictures-kept": str(send(alice).pk), "pictures-kept_alt": "<b>&"})
    html = response.content.decode()
    assert response.status_code == 200
    assert 'class="gallery gallery-1"' in html
    assert 'alt="&lt;b&gt;&amp;"' in html and 'width="120"' in html and 'height="90"' in html


def test_a_feed_of_pictures_costs_no_query_more(client, alice, send, show):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/").status_code == 200
        return len(captured)

    show(alice, content="Plain words.")
    client.get("/")
    before = queries()
    for number in range(3):
        show(alice, send(alice), send(alice), content=f"Pictures, number {number}.")
    assert queries() == before


# -- Sent by a script ---------------------------------------------------------------------------------------------


def send_by_script(client: Client, data: bytes) -> Any:
    return client.post(reverse("social:send_picture"), {"picture": a_file(data=data)})


def test_a_script_sends_one_and_gets_its_place_in_the_form(as_alice, alice):
    response = send_by_script(as_alice, a_picture())
    picture = Picture.objects.get(user=alice)
    assert response.status_code == 201
    assert f'name="pictures-kept" value="{picture.pk}"' in response.content.decode()


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        (b"<svg/>", 415, "not a JPEG"),
        (a_picture()[:60], 422, "damaged"),
        (a_picture() + b"\0" * (5 * 1024 * 1024), 413, "at most 5 MB"),
        (b"", 422, "empty"),
    ],
)
def test_a_script_hears_why_not(as_alice, data, status, words):
    response = send_by_script(as_alice, data)
    assert (response.status_code, response["Content-Type"]) == (status, "text/plain; charset=utf-8")
    assert words in response.content.decode()


def test_visitors_and_readers_send_nothing(client, as_alice):
    assert as_alice.get(reverse("social:send_picture")).status_code == 405
    assert Client().post(reverse("social:send_picture"), {"picture": a_file()}).status_code == 302
    assert Client(enforce_csrf_checks=True).post(reverse("social:send_picture")).status_code == 403
    assert not Picture.objects.exists()


def test_a_picture_that_was_thrown_away_meanwhile_is_asked_for_again(as_alice, alice, send):
    picture = send(alice, at=timezone.now() - timedelta(days=2))
    operations.throw_away(at=timezone.now())
    refused = write(as_alice, **{"pictures-kept": str(picture.pk), "pictures-kept_alt": "x"})
    assert refused.status_code == 422 and "Look." in refused.content.decode()
