"""Pictures in the API."""

import pytest

from accounts.departures import parts
from accounts.members.tests.pictures import a_picture
from social.feed.models import Post
from social.feed.tests.over_http import API, NOWHERE, is_problem
from social.pictures.models import Picture
from social.pictures.tests.conftest import a_file

pytestmark = pytest.mark.django_db


def sent(client, **more):
    return client.post(f"{API}/pictures", {"picture": a_file(), **more}, format="multipart")


def write(client, **body):
    return client.post(f"{API}/posts", {"content": "Look.", **body}, format="json")


def test_a_picture_is_sent_first_and_named_by_the_post(api, alice):
    client = api(alice)
    answer = sent(client, alt="A red square")
    assert answer.status_code == 201
    picture = answer.json()
    assert (picture["alt"], picture["width"], picture["height"]) == ("A red square", 120, 90)
    [size] = picture["sizes"]
    assert (size["width"], size["height"]) == (120, 90)
    assert api().get(size["url"])["Content-Type"] == "image/webp"

    post = write(client, pictures=[{"id": picture["id"], "alt": "Red"}])
    assert post.status_code == 201, post.content
    assert post.json()["pictures"] == [picture | {"alt": "Red"}]
    read = api().get(f"{API}/posts/{post.json()['id']}").json()
    assert read["pictures"] == post.json()["pictures"]


@pytest.mark.parametrize(("given", "kept"), [({}, "A red square"), ({"alt": ""}, ""), ({"alt": "Red"}, "Red")])
def test_a_description_that_is_not_given_again_stays(api, alice, given, kept):
    picture = sent(api(alice), alt="A red square").json()
    post = write(api(alice), pictures=[{"id": picture["id"], **given}])
    assert [shown["alt"] for shown in post.json()["pictures"]] == [kept]
    assert Picture.objects.get().alt == kept


def test_posts_without_pictures_say_null(api, alice):
    assert write(api(alice)).json()["pictures"] is None
    assert write(api(alice), content="Again.", pictures=[]).json()["pictures"] is None


def test_another_members_ids_are_404(api, alice, mallory):
    hers = sent(api(alice)).json()["id"]
    for pk in (hers, NOWHERE):
        assert is_problem(write(api(mallory), pictures=[{"id": pk}]), 404, "not-found")
    assert not Post.objects.exists()


def test_a_picture_is_shown_once(api, alice):
    client = api(alice)
    pk = sent(client).json()["id"]
    assert write(client, pictures=[{"id": pk}]).status_code == 201
    assert is_problem(write(client, content="Again.", pictures=[{"id": pk}]), 409, "picture-elsewhere")


def test_the_same_command_twice_gives_the_same_answer(api, alice):
    client = api(alice)
    body = {"content": "Look.", "pictures": [{"id": sent(client).json()["id"]}]}
    first, second = (client.post(f"{API}/posts", body, format="json", HTTP_IDEMPOTENCY_KEY="once") for _ in range(2))
    assert first.json() == second.json()
    assert Post.objects.count() == 1


@pytest.mark.parametrize(
    "pictures",
    [
        "x",
        [1],
        [[]],
        [{"alt": "x"}],
        [{"id": "x"}],
        [{"id": None}],
        [{"id": NOWHERE, "alt": 5}],
        [{"id": NOWHERE, "alt": "x" * 301}],
        [{"id": NOWHERE, "url": "https://elsewhere"}],
        [{"id": NOWHERE}] * 5,
        {"id": NOWHERE},
    ],
)
def test_malformed_pictures_of_a_post(api, alice, pictures):
    assert is_problem(write(api(alice), pictures=pictures), 400, "malformed")


@pytest.mark.parametrize(
    ("data", "status", "slug"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "picture-type"),
        (b"GIF89a" + b"\0" * 20, 415, "picture-type"),
        (a_picture()[:60], 422, "picture-unreadable"),
        (a_picture() + b"\0" * (5 * 1024 * 1024), 413, "picture-too-big"),
    ],
)
def test_bad_pictures_get_their_answer(api, alice, data, status, slug):
    answer = api(alice).post(f"{API}/pictures", {"picture": a_file(data=data)}, format="multipart")
    assert is_problem(answer, status, slug)
    assert not Picture.objects.exists()


@pytest.mark.parametrize(
    "form",
    [{}, {"picture": "text"}, {"file": "x"}, {"picture": [a_file(), a_file()]}, {"picture": a_file(), "user": "x"}],
)
def test_forms_that_are_none(api, alice, form):
    assert is_problem(api(alice).post(f"{API}/pictures", form, format="multipart"), 400, "malformed")


@pytest.mark.parametrize("alt", ["x" * 301, "a\0b"])
def test_descriptions_that_cannot_be_kept(api, alice, alt):
    assert is_problem(sent(api(alice), alt=alt), 422, "unusable-text")


def test_only_members_send_and_only_forms(api, alice):
    assert sent(api()).status_code == 401
    assert is_problem(api(alice).post(f"{API}/pictures", {}, format="json"), 415, "unsupported-media-type")
    assert api(alice).get(f"{API}/pictures").status_code == 405


def test_a_copy_of_ones_data_holds_the_pictures(alice, bob, send, show):
    picture = send(alice, alt="Mine")
    send(bob)
    show(alice, picture)
    [part] = [part for part in parts.parts() if part.name == "pictures"]
    [row] = list(part.rows(alice))
    assert (row["id"], row["alt"]) == (picture.pk, "Seen: 0")
    files = dict(parts.files_of(alice))
    assert list(files) == [f"pictures/{picture.pk}.webp"]
    assert files[f"pictures/{picture.pk}.webp"]().read()[:4] == b"RIFF"
