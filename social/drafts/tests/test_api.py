"""Drafts in the API."""

import pytest

from accounts.departures import parts
from social.drafts.models import Draft
from social.feed.models import Post
from social.feed.tests.over_http import API, NOWHERE, is_problem

pytestmark = pytest.mark.django_db


def keep(client, status=201, **body):
    answer = client.post(f"{API}/drafts", body or {"content": "The first plums"}, format="json")
    assert answer.status_code == status, answer.content
    return answer.json()


def test_a_draft_is_kept_read_changed_and_thrown_away(api, alice, send):
    client = api(alice)
    picture = send(alice)
    made = keep(client, title="Plums", pictures=[{"id": str(picture.pk), "alt": "One"}], rest={"poll-question": ["?"]})
    assert (made["title"], made["content"], made["rest"]) == ("Plums", "", {"poll-question": ["?"]})
    assert [(one["id"], one["alt"]) for one in made["pictures"]] == [(str(picture.pk), "One")]
    address = f"{API}/drafts/{made['id']}"
    assert client.get(address).json() == made
    changed = client.patch(address, {"content": "They are ripe."}, format="json").json()
    assert (changed["title"], changed["content"], len(changed["pictures"])) == ("Plums", "They are ripe.", 1)
    assert [one["id"] for one in client.get(f"{API}/drafts").json()["results"]] == [made["id"]]
    assert client.delete(address).status_code == 204
    assert is_problem(client.delete(address), 404, "not-found")


def test_a_post_ends_the_draft_that_it_names(api, alice):
    client = api(alice)
    draft = keep(client)["id"]
    answer = client.post(f"{API}/posts", {"content": "They are ripe.", "draft": draft}, format="json")
    assert answer.status_code == 201
    assert "draft" not in answer.json()
    assert not Draft.objects.exists()
    again = client.post(f"{API}/posts", {"content": "Once more.", "draft": draft}, format="json")
    assert is_problem(again, 404, "not-found")
    assert Post.objects.count() == 1


def test_under_one_key_there_is_one_draft(api, alice):
    client = api(alice)
    ids = {
        client.post(f"{API}/drafts", {"content": "Words"}, format="json", HTTP_IDEMPOTENCY_KEY="k").json()["id"]
        for _ in range(2)
    }
    assert len(ids) == 1 == Draft.objects.count()


def test_another_members_draft_is_404_for_everything(api, alice, mallory):
    draft = keep(api(alice))["id"]
    client, address = api(mallory), f"{API}/drafts/{draft}"
    for answer in (
        client.get(address),
        client.patch(address, {"content": "Mine"}, format="json"),
        client.delete(address),
        client.post(f"{API}/posts", {"content": "Mine", "draft": draft}, format="json"),
        client.get(f"{API}/drafts/{NOWHERE}"),
    ):
        assert is_problem(answer, 404, "not-found")
    assert client.get(f"{API}/drafts").json()["results"] == []
    assert Draft.objects.get().content == "The first plums"
    assert not Post.objects.exists()


def test_a_stale_edition_is_not_overwritten(api, alice):
    client = api(alice)
    address = f"{API}/drafts/{keep(client)['id']}"
    read = client.get(address)["ETag"]
    assert client.patch(address, {"content": "Second"}, format="json", HTTP_IF_MATCH=read).status_code == 200
    assert is_problem(
        client.patch(address, {"content": "Third"}, format="json", HTTP_IF_MATCH=read), 412, "stale-version"
    )
    assert is_problem(client.delete(address, HTTP_IF_MATCH=read), 412, "stale-version")
    assert client.get(address, HTTP_IF_NONE_MATCH=client.get(address)["ETag"]).status_code == 304


@pytest.mark.parametrize(
    "body",
    [
        {"content": 5},
        {"content": None},
        {"content": "x" * 2001},
        {"title": "x" * 201},
        {"user": "x"},
        {"rest": []},
        {"rest": {"a": "b"}},
        {"rest": {"a": [5]}},
        {"rest": {"a": ["x" * 2001]}},
        {"pictures": [{"id": "x"}]},
        {"pictures": None},
        {"pictures": [{"id": NOWHERE}] * 5},
    ],
)
def test_malformed_drafts(api, alice, body):
    assert is_problem(api(alice).post(f"{API}/drafts", body, format="json"), 400, "malformed")
    assert not Draft.objects.exists()


def test_refusals_of_a_draft(api, alice, bob, send):
    client = api(alice)
    assert is_problem(client.post(f"{API}/drafts", {}, format="json"), 422, "unusable-text")
    his = str(send(bob).pk)
    assert is_problem(client.post(f"{API}/drafts", {"pictures": [{"id": his}]}, format="json"), 404, "not-found")
    rest = {f"poll-{number}": ["x" * 2000] for number in range(11)}
    assert is_problem(client.post(f"{API}/drafts", {"rest": rest}, format="json"), 422, "unusable-text")
    assert api().get(f"{API}/drafts").status_code == 401


def test_a_copy_of_ones_data_holds_the_drafts(api, alice, bob):
    keep(api(alice))
    keep(api(bob))
    [part] = [part for part in parts.parts() if part.name == "drafts"]
    assert [row["content"] for row in part.rows(alice)] == ["The first plums"]
