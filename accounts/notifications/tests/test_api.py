from datetime import timedelta

import pytest

from accounts.notifications.models import Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def tell(bob, now):
    def make(member, **given):
        facts = {
            "count": 3,
            "people": 2,
            "coins": "8.00",
            "who": [{"id": str(bob.primary_page.pk), "name": "Bob"}],
            "known": ["ab"],
        }
        told = {
            "type": "tip",
            "title": "Two people",
            "happened_at": now,
            "data": facts | {"path": "/p/1/", "facts": {}},
        }
        return Notification.objects.create(user=member, **{**told, **given})

    return make


def test_the_list_tells_what_happened_last_first(api, alice, bob, tell, now):
    old = tell(alice, happened_at=now - timedelta(hours=1))
    new = tell(alice)
    tell(bob)
    answer = api(alice).get("/api/v1/notifications")
    assert answer.status_code == 200
    first, second = answer.json()["results"]
    assert [first["id"], second["id"]] == [str(new.pk), str(old.pk)]
    assert first["path"] == "/p/1/"
    assert first["data"]["coins"] == "8.00"
    assert set(first["data"]) == {"count", "people", "coins", "who"}


def test_unread_ones_alone_and_read_ones_alone(api, alice, tell):
    new, seen = tell(alice), tell(alice, is_read=True)
    for asked, row in (("true", new), ("false", seen)):
        results = api(alice).get("/api/v1/notifications", {"unread": asked}).json()["results"]
        assert [one["id"] for one in results] == [str(row.pk)]


@pytest.mark.parametrize("asked", ["yes", "", "1", "\x00", "true,false"])
def test_unread_is_true_or_false(api, alice, asked):
    answer = api(alice).get("/api/v1/notifications", {"unread": asked})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_pages_of_the_list_follow_each_other(api, alice, tell, now):
    for number in range(5):
        tell(alice, title=f"{number}", happened_at=now - timedelta(minutes=number))
    first = api(alice).get("/api/v1/notifications", {"page_size": 3}).json()
    rest = api(alice).get(first["next"]).json()
    assert [one["title"] for one in first["results"] + rest["results"]] == ["0", "1", "2", "3", "4"]
    assert api(alice).get("/api/v1/notifications", {"cursor": "garbage"}).status_code == 400


def test_one_is_marked_as_read_and_again_is_no_error(api, alice, tell):
    row = tell(alice)
    for _time in range(2):
        assert api(alice).put(f"/api/v1/notifications/{row.pk}/read").status_code == 204
    row.refresh_from_db()
    assert row.is_read


def test_mallory_marks_none_of_alices(api, alice, mallory, tell):
    row = tell(alice)
    assert api(mallory).put(f"/api/v1/notifications/{row.pk}/read").status_code == 404
    assert api(mallory).post("/api/v1/notifications/read-all").status_code == 204
    row.refresh_from_db()
    assert not row.is_read


def test_all_are_marked_as_read(api, alice, tell):
    tell(alice), tell(alice)
    assert api(alice).post("/api/v1/notifications/read-all").status_code == 204
    assert not Notification.objects.filter(is_read=False).exists()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "notifications"),
        ("post", "notifications/read-all"),
        ("put", "notifications/0193c3a1-0000-7000-8000-000000000000/read"),
    ],
)
def test_visitors_have_none(api, method, path):
    answer = getattr(api(), method)(f"/api/v1/{path}")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_an_id_that_is_none_is_not_found(api, alice):
    assert api(alice).put("/api/v1/notifications/7/read").status_code == 404


def test_the_list_costs_the_same_however_long_it_is(api, alice, tell, django_assert_max_num_queries):
    for _time in range(15):
        tell(alice)
    with django_assert_max_num_queries(4):
        api(alice).get("/api/v1/notifications")
