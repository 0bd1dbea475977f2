"""Several pages of one account: opened, closed, made the first; over the API too."""

import pytest
from constance.test import override_config
from django.urls import reverse

from accounts.badges.models import Badge, UserBadge
from accounts.members import operations, queries
from accounts.members.models import Page, User
from accounts.wallets.models import Wallet
from config.lib.refusals import NotAllowed, NotThere

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


def open_page(member, now, username="baker", **more):
    return operations.open_page(member=member, username=username, display_name="The baker", at=now, **more)


def test_three_pages_share_one_wallet(alice, now):
    open_page(alice, now)
    open_page(alice, now, "miller")
    with pytest.raises(operations.TooManyPages):
        open_page(alice, now, "farmer")
    assert Wallet.objects.filter(user=alice).count() == 1
    names = [page.username for page in queries.own_pages(alice)]
    assert (names[0], set(names)) == ("alice", {"alice", "baker", "miller"})


def test_how_many_is_a_setting(alice, now):
    with override_config(PAGES_PER_ACCOUNT=1), pytest.raises(operations.TooManyPages):
        open_page(alice, now)


def test_a_closed_page_is_not_shown_keeps_its_name_and_its_place(alice, mallory, now):
    page = open_page(alice, now)
    operations.close_page(member=alice, page_id=page.pk, at=now)
    operations.close_page(member=alice, page_id=page.pk, at=now)
    with pytest.raises(NotThere):
        queries.page_by_username("baker")
    with pytest.raises(operations.UsernameTaken):
        open_page(mallory, now)
    open_page(alice, now, "miller")
    with pytest.raises(operations.TooManyPages):
        open_page(alice, now, "farmer")
    operations.reopen_page(member=alice, page_id=page.pk, at=now)
    assert queries.page_by_username("baker") == page


def test_the_first_page_stays_open(alice, now):
    with pytest.raises(operations.PrimaryPage):
        operations.close_page(member=alice, page_id=alice.primary_page.pk, at=now)


def test_another_page_becomes_the_first(alice, now):
    first, page = alice.primary_page, open_page(alice, now)
    operations.make_primary(member=alice, page_id=page.pk, at=now)
    operations.make_primary(member=alice, page_id=page.pk, at=now)
    assert (alice.primary_page, User.objects.get(pk=alice.pk).primary_page) == (page, page)
    operations.close_page(member=alice, page_id=first.pk, at=now)
    with pytest.raises(operations.ClosedPage):
        operations.make_primary(member=alice, page_id=first.pk, at=now)


def test_only_ones_own_pages(alice, mallory, now):
    page = open_page(alice, now)
    for change in (operations.close_page, operations.reopen_page, operations.make_primary):
        with pytest.raises(NotThere):
            change(member=mallory, page_id=page.pk, at=now)
    assert queries.own_page(alice, "BAKER") == page
    for name in ("baker", "nobody", "\0", "", "../x"):
        with pytest.raises(NotThere):
            queries.own_page(mallory, name)


def test_who_may_not_act_opens_nothing(alice, now):
    page = open_page(alice, now)
    alice.status = "SUSPENDED"
    for change in (operations.close_page, operations.reopen_page, operations.make_primary):
        with pytest.raises(NotAllowed):
            change(member=alice, page_id=page.pk, at=now)
    with pytest.raises(NotAllowed):
        open_page(alice, now, "miller")


def test_a_page_needs_a_name_that_is_seen(alice, now):
    with pytest.raises(operations.UnseenName):
        operations.open_page(member=alice, username="baker", display_name="\u200b", at=now)
    assert Page.objects.filter(user=alice).count() == 1


# -- Coins that are not shown -------------------------------------------------------------------------------------


def test_who_hides_their_coins_is_in_no_table(alice, bob, mallory, now):
    operations.set_preferences(member=alice, at=now, hide_balance=True)
    operations.set_preferences(member=bob, at=now, on_leaderboards=False)
    assert set(queries.listed_in_tables().values_list("username", flat=True)) == {"mallory"}


def test_what_a_page_has_earned_is_ones_own_to_see(api, client, alice, bob, now):
    operations.set_preferences(member=alice, at=now, hide_balance=True)
    assert api(bob).get("/api/v1/pages/alice").json()["total_tokens_earned"] is None
    assert api().get("/api/v1/pages/alice").json()["total_tokens_earned"] is None
    assert api(alice).get("/api/v1/pages/alice").json()["total_tokens_earned"] == "0.00"
    assert api(alice).get("/api/v1/me/pages").json()["results"][0]["total_tokens_earned"] == "0.00"
    assert "earned" not in client.get("/@alice/").content.decode()
    assert "earned" in client.get("/@bob/").content.decode()


def test_badges_and_tier_stand_on_every_page_of_a_member(client, alice, now):
    open_page(alice, now)
    made = Badge.objects.create(slug="night-baker", name="Night baker", description="Bread at dawn.", icon="star")
    UserBadge.objects.create(user=alice, badge=made, times=3)
    for name in ("alice", "baker"):
        page = client.get(f"/@{name}/").content.decode()
        assert "Night baker" in page and "×3" in page and "Tier: bronze" in page and "Bread at dawn." in page


def test_a_profile_stands_on_the_first_page_alone(client, alice, now):
    open_page(alice, now)
    operations.edit_profile(
        member=alice,
        at=now,
        location="Porto",
        website="https://ana.example/",
        social_links={"Blog": "https://b.example/"},
    )
    first, other = (client.get(f"/@{name}/").content.decode() for name in ("alice", "baker"))
    for words in ("Porto", "https://ana.example/", "https://b.example/"):
        assert words in first and words not in other


def test_a_public_page_costs_the_same_whatever_stands_on_it(client, alice, now, django_assert_max_num_queries):
    operations.edit_profile(member=alice, at=now, location="Porto", interests=["bread"] * 20)
    with django_assert_max_num_queries(5):
        client.get("/@alice/")


# -- In the API ---------------------------------------------------------------------------------------------------


def problem(response, status, slug):
    assert (response.status_code, response["Content-Type"]) == (status, PROBLEM), response.content
    assert response.json()["type"] == slug


def test_opening_a_page(api, alice):
    client = api(alice)
    body = client.post("/api/v1/me/pages", {"username": "baker", "display_name": "The baker", "bio": "Bread."})
    assert (body.status_code, body.json()["username"], body.json()["is_primary"]) == (201, "baker", False)
    assert [page["username"] for page in client.get("/api/v1/me").json()["pages"]] == ["alice", "baker"]


@pytest.mark.parametrize(
    ("sent", "status", "slug"),
    [
        ({"username": "baker"}, 400, "malformed"),
        ({"username": "baker", "display_name": "B", "is_primary": True}, 400, "malformed"),
        ({"username": 5, "display_name": "B"}, 400, "malformed"),
        ({"username": "x" * 31, "display_name": "B"}, 400, "malformed"),
        ({"username": "Baker", "display_name": "B"}, 422, "bad-username"),
        ({"username": "admin", "display_name": "B"}, 422, "bad-username"),
        ({"username": "bob", "display_name": "B"}, 422, "username-taken"),
        ({"username": "baker", "display_name": "\u3164"}, 422, "unseen-name"),
    ],
)
def test_opening_a_page_badly(api, alice, bob, sent, status, slug):
    problem(api(alice).post("/api/v1/me/pages", sent), status, slug)
    assert Page.objects.filter(user=alice).count() == 1


def test_a_fourth_page_and_a_visitor(api, alice, now):
    open_page(alice, now)
    open_page(alice, now, "miller")
    sent = {"username": "farmer", "display_name": "F"}
    problem(api(alice).post("/api/v1/me/pages", sent), 422, "too-many-pages")
    problem(api().post("/api/v1/me/pages", sent), 401, "not-authenticated")


def test_an_old_name_answers_with_where_the_page_is(api, alice, bob):
    client = api(alice)
    assert client.patch("/api/v1/pages/alice", {"username": "alice_p", "bio": "Here."}).json()["username"] == "alice_p"
    for path in ("", "/posts", "/followers"):
        moved = api().get(f"/api/v1/pages/alice{path}")
        assert (moved.status_code, moved["Location"]) == (308, f"/api/v1/pages/alice_p{path}")
        assert (moved.json()["type"], moved.json()["status"]) == ("renamed", 308)
    moved = api(bob).put("/api/v1/pages/Alice/follow")
    assert (moved.status_code, moved["Location"]) == (308, "/api/v1/pages/alice_p/follow")
    problem(client.patch("/api/v1/pages/alice_p", {"username": "bob"}), 422, "username-taken")
    client.patch("/api/v1/pages/alice_p", {"username": "alice_q"})
    refused = client.patch("/api/v1/pages/alice_q", {"username": "alice_r"})
    problem(refused, 429, "username-changes")
    assert int(refused["Retry-After"]) > 29 * 86400


def test_a_gift_to_an_old_name_says_the_new_one(api, client, alice, bob, now):
    operations.change_username(editor=alice, page_id=alice.primary_page.pk, username="alice_p", at=now)
    gift = {"to": "alice", "amount": "1.00", "memo": ""}
    refused = api(bob).post("/api/v1/transfers", gift, headers={"Idempotency-Key": "k"})
    problem(refused, 404, "renamed")
    assert "@alice_p" in refused.json()["detail"] and not refused.has_header("Location")
    client.force_login(bob)
    page = client.post(reverse("economy:send_gift"), {**gift, "key": "k"})
    assert (page.status_code, "is called @alice_p now" in page.content.decode()) == (422, True)


def test_an_old_address_leads_to_the_page(client, alice, now):
    operations.change_username(editor=alice, page_id=alice.primary_page.pk, username="alice_p", at=now)
    for path in ("", "followers/"):
        moved = client.get(f"/@Alice/{path}?cursor=x")
        assert (moved.status_code, moved["Location"]) == (301, f"/@alice_p/{path}?cursor=x")
    assert "max-age=3600" in moved["Cache-Control"]


def test_blocks_and_mutes_in_the_api(api, alice, bob, mallory):
    client = api(alice)
    for what in ("block", "mute"):
        for _twice in range(2):
            assert client.put(f"/api/v1/pages/bob/{what}").status_code == 204
        listed = client.get(f"/api/v1/me/{what}s").json()["results"]
        assert [row["username"] for row in listed] == ["bob"]
        assert api(mallory).get(f"/api/v1/me/{what}s").json()["results"] == []
        for _twice in range(2):
            assert client.delete(f"/api/v1/pages/bob/{what}").status_code == 204
        assert client.get(f"/api/v1/me/{what}s").json()["results"] == []
        problem(client.put(f"/api/v1/pages/alice/{what}"), 422, "own-page")
        problem(client.put(f"/api/v1/pages/nobody/{what}"), 404, "not-found")
        problem(api().put(f"/api/v1/pages/bob/{what}"), 401, "not-authenticated")


def test_muted_words_in_the_api(api, alice, mallory):
    client = api(alice)
    word = client.post("/api/v1/me/muted-words", {"word": "spoiler"})
    assert word.status_code == 201
    path = f"/api/v1/me/muted-words/{word.json()['id']}"
    assert [row["word"] for row in client.get("/api/v1/me/muted-words").json()["results"]] == ["spoiler"]
    problem(api(mallory).delete(path), 404, "not-found")
    assert client.delete(path).status_code == 204
    problem(client.delete(path), 404, "not-found")
    problem(client.post("/api/v1/me/muted-words", {"word": "\u200b"}), 422, "unusable-word")
    for bad in ({}, {"word": None}, {"word": ["x"]}, {"word": "x" * 51}, {"word": "x", "id": 1}):
        problem(client.post("/api/v1/me/muted-words", bad), 400, "malformed")
