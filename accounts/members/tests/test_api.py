import pytest
from django.utils import timezone

from accounts.members import preferences
from accounts.members.models import Page, User
from accounts.wallets.models import Wallet

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


def problem(response, status, slug):
    assert (response.status_code, response["Content-Type"]) == (status, PROBLEM), response.content
    body = response.json()
    assert body["type"] == slug
    return body


# -- me -------------------------------------------------------------------------------------------


def test_me_shows_account_profile_and_pages(api, alice):
    body = api(alice).get("/api/v1/me").json()
    assert (body["id"], body["phone_number"]) == (str(alice.pk), str(alice.phone_number))
    assert (body["role"], body["status"], body["username"], body["display_name"]) == (
        "USER",
        "ACTIVE",
        "alice",
        "Alice",
    )
    assert body["preferences"] == preferences.DEFAULTS
    assert [page["username"] for page in body["pages"]] == ["alice"]
    assert not {"password", "two_factor_secret", "token_version"} & set(body)


def test_me_takes_two_queries(api, alice, django_assert_num_queries):
    client = api(alice)
    with django_assert_num_queries(2):
        client.get("/api/v1/me")


def test_visitors_have_no_account(api):
    for path in ("me", "me/pages"):
        response = api().get(f"/api/v1/{path}")
        problem(response, 401, "not-authenticated")
        assert response["WWW-Authenticate"].startswith("Bearer")


def test_change_everything_that_can_be_changed(api, alice):
    change = {
        "first_name": "Alice",
        "last_name": "Pereira",
        "display_name": "Alice P.",
        "bio": "I write about bread.",
        "location": "Porto",
        "website": "https://alice.example/",
        "twitter": "alice",
        "discord": "alice",
        "telegram": "alice",
        "social_links": {"blog": "https://blog.example/"},
        "experience": "ten years",
        "interests": ["bread", "trains"],
        "preferences": {"language": "en", "time_zone": "Europe/Lisbon", "on_leaderboards": False},
    }
    response = api(alice).patch("/api/v1/me", change)
    assert response.status_code == 200
    body = response.json()
    change["preferences"] = {**preferences.DEFAULTS, **change["preferences"]}
    assert {name: body[name] for name in change} == change
    alice.refresh_from_db()
    assert (alice.first_name, alice.profile.location) == ("Alice", "Porto")
    assert Page.objects.get(user=alice).display_name == "Alice P."


@pytest.mark.parametrize("path", ["me", "pages/alice"])
def test_a_name_that_nobody_sees_is_refused(api, alice, path):
    problem(api(alice).patch(f"/api/v1/{path}", {"display_name": "\u200b", "bio": "planted"}), 422, "unseen-name")
    page = Page.objects.get(user=alice)
    assert (page.display_name, page.bio) == ("Alice", "")


def test_whoever_joins_under_a_name_that_nobody_sees_is_called_by_their_username(db):
    from accounts.members.operations import join as join_member

    member = join_member(phone_number="+491705550001", username="ana", display_name="\u3164", at=timezone.now())
    assert member.primary_page.display_name == "ana"


def test_only_what_is_sent_changes_inside_preferences_too(api, alice):
    client = api(alice)
    tips = {"site": True, "email": "off"}
    client.patch("/api/v1/me", {"bio": "mine", "preferences": {"language": "en", "notices": {"tip": tips}}})
    change = {"email_notices": False, "notices": {"tip": {"email": "now"}, "follow": {"site": False}}}
    body = client.patch("/api/v1/me", {"preferences": change}).json()
    chosen = {name: body["preferences"][name] for name in ("language", "email_notices", "notices")}
    assert (body["bio"], chosen) == (
        "mine",
        {
            "language": "en",
            "email_notices": False,
            "notices": {"tip": {"site": True, "email": "now"}, "follow": {"site": False}},
        },
    )
    assert body["preferences"]["digest"] == "daily"


@pytest.mark.parametrize(
    "change",
    [
        {"balance": "1000000.00"},
        {"role": "ADMIN"},
        {"id": "01936d2e-0b1c-7c3a-9d55-3f1b1a6c0a03"},
        {"status": "ACTIVE"},
        {"phone_number": "+447700900999"},
        {"username": "root"},
        {"token_version": 99},
        {"pages": []},
        {"is_early_adopter": True},
        {"preferences": {"theme_song": "loud"}},
        {"preferences": {"language": "xx"}},
        {"preferences": {"time_zone": "Moon/Crater"}},
        {"preferences": {"messages_from": "everybody"}},
        {"preferences": []},
        {"preferences": {"digest": "hourly"}},
        {"preferences": {"quiet_from": "25:00"}},
        {"preferences": {"quiet_to": "٠٧:٠٠"}},
        {"preferences": {"notices": {"tip": {"email": "fax"}}}},
        {"preferences": {"notices": {"tip": {"sms": True}}}},
        {"preferences": {"notices": {"Tip!": {"site": True}}}},
        {"preferences": {"notices": ["tip"]}},
        {"preferences": {"hide_balance": None}},
        {"display_name": ""},
        {"display_name": None},
        {"display_name": 5},
        {"display_name": "x" * 101},
        {"bio": "x" * 501},
        {"website": "javascript:alert(1)"},
        {"website": "ftp://alice.example/"},
        {"social_links": {"blog": "javascript:alert(1)"}},
        {"social_links": {str(n): "https://a.example/" for n in range(11)}},
        {"interests": "bread"},
        {"interests": ["x"] * 31},
    ],
)
def test_what_cannot_be_changed(api, alice, change):
    before = User.objects.filter(pk=alice.pk).values().get()
    problem(api(alice).patch("/api/v1/me", {"bio": "planted", **change}), 400, "malformed")
    assert User.objects.filter(pk=alice.pk).values().get() == before
    assert Page.objects.get(user=alice).bio == ""
    assert Wallet.objects.get(user=alice).balance == 100


def test_an_edit_of_what_someone_else_changed_meanwhile(api, alice):
    client = api(alice)
    read = client.get("/api/v1/me")
    assert client.patch("/api/v1/me", {"bio": "first"}, HTTP_IF_MATCH=read["ETag"]).status_code == 200
    problem(client.patch("/api/v1/me", {"bio": "second"}, HTTP_IF_MATCH=read["ETag"]), 412, "stale-version")
    assert Page.objects.get(user=alice).bio == "first"
    fresh = client.get("/api/v1/me")["ETag"]
    assert client.patch("/api/v1/me", {"bio": "third"}, HTTP_IF_MATCH=fresh).status_code == 200


def test_an_unchanged_account_is_not_sent_again(api, alice):
    client = api(alice)
    tag = client.get("/api/v1/me")["ETag"]
    response = client.get("/api/v1/me", HTTP_IF_NONE_MATCH=tag)
    assert (response.status_code, response.content) == (304, b"")


def test_the_suspended_may_look_but_not_write(api, alice):
    User.objects.filter(pk=alice.pk).update(status=User.Status.SUSPENDED)
    alice.refresh_from_db()
    assert api(alice).get("/api/v1/me").status_code == 200
    problem(api(alice).patch("/api/v1/me", {"bio": "x"}), 403, "account-suspended")
    both = {"bio": "x", "preferences": {"hide_balance": True}}
    problem(api(alice).patch("/api/v1/me", both), 403, "account-suspended")
    changed = api(alice).patch("/api/v1/me", {"preferences": {"hide_balance": True}})
    assert (changed.status_code, changed.json()["preferences"]["hide_balance"]) == (200, True)


def test_my_pages(api, alice, bob):
    body = api(alice).get("/api/v1/me/pages").json()
    assert set(body) == {"next", "previous", "results"}
    assert [page["username"] for page in body["results"]] == ["alice"]


# -- pages/{username} -----------------------------------------------------------------------------


def test_anyone_may_see_a_page(api, alice):
    body = api().get("/api/v1/pages/alice").json()
    assert (body["username"], body["display_name"], body["followers_count"]) == ("alice", "Alice", 0)
    assert "phone_number" not in body
    assert api().get("/api/v1/pages/ALICE").json() == body


@pytest.mark.parametrize("status", [User.Status.BANNED, User.Status.CLOSED])
def test_pages_of_the_banned_are_gone(api, alice, mallory, status):
    User.objects.filter(pk=alice.pk).update(status=status)
    problem(api().get("/api/v1/pages/alice"), 404, "not-found")
    problem(api(mallory).patch("/api/v1/pages/alice", {"bio": "x"}), 404, "not-found")


@pytest.mark.parametrize(
    "username", ["nobody", "a" * 400, "%27%20OR%201=1", "%F0%9F%8D%9E", "%00", "alice%00", "alice%0A"]
)
def test_pages_that_are_not_there(api, username):
    problem(api().get(f"/api/v1/pages/{username}"), 404, "not-found")


def test_change_my_page(api, alice):
    client = api(alice)
    tag = client.get("/api/v1/pages/alice")["ETag"]
    response = client.patch("/api/v1/pages/alice", {"display_name": "Alice P.", "bio": "bread"}, HTTP_IF_MATCH=tag)
    assert (response.status_code, response.json()["display_name"]) == (200, "Alice P.")
    problem(client.patch("/api/v1/pages/alice", {"bio": "later"}, HTTP_IF_MATCH=tag), 412, "stale-version")
    assert response["ETag"] == client.get("/api/v1/pages/alice")["ETag"]


def test_new_followers_do_not_stand_in_the_way_of_an_edit(api, alice):
    client = api(alice)
    tag = client.get("/api/v1/pages/alice")["ETag"]
    Page.objects.filter(user=alice).update(followers_count=12)
    assert client.get("/api/v1/pages/alice")["ETag"] != tag
    assert client.patch("/api/v1/pages/alice", {"bio": "bread"}, HTTP_IF_MATCH=tag).status_code == 200


def test_mallory_cannot_change_alices_page(api, alice, mallory):
    problem(api(mallory).patch("/api/v1/pages/alice", {"bio": "planted"}), 403, "not-allowed")
    problem(api().patch("/api/v1/pages/alice", {"bio": "planted"}), 401, "not-authenticated")
    assert Page.objects.get(user=alice).bio == ""


@pytest.mark.parametrize("change", [{"is_primary": True}, {"total_tokens_earned": "5.00"}, {"is_active": False}])
def test_what_of_a_page_cannot_be_changed(api, alice, change):
    problem(api(alice).patch("/api/v1/pages/alice", change), 400, "malformed")
