"""Who has tipped a post or comment, page by page; and the amount with which one's own tips begin."""

from decimal import Decimal as D
from uuid import uuid4

import pytest

from accounts.members import boundaries
from accounts.members.models import Page, User
from accounts.members.operations import set_preferences
from social.feed import operations, queries
from social.feed.tests.conftest import WEB
from social.feed.tests.test_views_posts import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(alice, write):
    return write(alice)


@pytest.fixture
def crowd(join, post, tip):
    """crowd(7): so many have tipped 1.00 each."""

    def gather(count, target=None):
        return [tip(join(f"giver_{number:03}"), target or post, "1.00") for number in range(count)]

    return gather


def listed(api, address, **asked):
    answer = api.get(address, asked).json()
    return [(row["page"]["username"], row["amount"]) for row in answer["results"]], answer["next"]


# -- The list -----------------------------------------------------------------------------------------------------


def test_the_most_generous_stand_first_with_all_their_tips(post, bob, mallory, tip, api, client):
    tip(bob, post, "2.00"), tip(bob, post, "1.50"), tip(mallory, post, "3.00")
    assert listed(api(), f"/api/v1/posts/{post.pk}/tips") == ([("bob", "3.50"), ("mallory", "3.00")], None)
    page = text_of(client.get(f"/p/{post.pk}/tippers/"))
    assert page.index("@bob") < page.index("@mallory")
    assert "from 2 members" in page


def test_a_comment_has_its_own_list(post, alice, bob, mallory, say, tip, api, client):
    comment = say(bob, post)
    tip(mallory, comment, "4.00")
    assert listed(api(), f"/api/v1/comments/{comment.pk}/tips") == ([("mallory", "4.00")], None)
    assert "@mallory" in text_of(client.get(f"/c/{comment.pk}/tippers/"))
    assert "Nobody yet" in text_of(client.get(f"/p/{post.pk}/tippers/"))


def test_pages_of_it_follow_each_other(post, crowd, mallory, tip, api, client):
    crowd(120)
    tip(mallory, post, "2.00")
    address, seen = f"/api/v1/posts/{post.pk}/tips?page_size=50", []
    while address:
        answer = api().get(address).json()
        seen += [row["page"]["username"] for row in answer["results"]]
        address = answer["next"]
    assert seen[0] == "mallory"
    assert len(seen) == len(set(seen)) == 121
    assert client.get(f"/p/{post.pk}/tippers/").content.decode().count('class="row row-apart"') == 50
    assert "All who tipped it" in text_of(client.get(f"/p/{post.pk}/"))


def test_it_takes_as_many_queries_however_many_have_tipped(
    post, crowd, join, tip, client, django_assert_max_num_queries
):
    def count():
        with django_assert_max_num_queries(15) as counted:
            client.get(f"/p/{post.pk}/tippers/")
        return len(counted)

    crowd(2)
    few = count()
    for number in range(30):
        tip(join(f"later_{number}"), post, "1.00")
    assert count() == few


def test_who_took_it_back_is_banned_or_keeps_apart_is_not_shown(post, bob, mallory, join, tip, api, noon):
    carol, dan = join("carol"), join("dan")
    back = tip(bob, post, "1.00")
    operations.take_back(spender=bob, tip_id=back.pk, channel=WEB, at=noon)
    for who in (mallory, carol, dan):
        tip(who, post, "1.00")
    User.objects.filter(pk=mallory.pk).update(status="BANNED")
    boundaries.block(member=dan, page=bob.primary_page, at=noon)
    address = f"/api/v1/posts/{post.pk}/tips"
    assert {name for name, _coins in listed(api(), address)[0]} == {"carol", "dan"}
    assert {name for name, _coins in listed(api(bob), address)[0]} == {"carol"}


def test_the_list_of_what_is_not_there_is_not_there(post, alice, api, client, noon):
    operations.remove_post(remover=alice, post_id=post.pk, at=noon)
    for which in (post.pk, uuid4()):
        assert api().get(f"/api/v1/posts/{which}/tips").status_code == 404
        assert client.get(f"/p/{which}/tippers/").status_code == 404
        assert client.get(f"/c/{which}/tippers/").status_code == 404


@pytest.mark.parametrize("cursor", ["x", "\x00", "9" * 600, "WzAsIngiLCJ5Il0"])
def test_garbage_for_a_cursor(post, bob, tip, api, client, cursor):
    tip(bob, post, "1.00")
    assert api().get(f"/api/v1/posts/{post.pk}/tips", {"cursor": cursor}).status_code == 400
    assert "@bob" in text_of(client.get(f"/p/{post.pk}/tippers/", {"cursor": cursor}))


def test_a_second_page_stands_for_itself(post, bob, tip, noon, api):
    second = Page.objects.create(user=bob, username="bob_two", display_name="Two", is_primary=False)
    tip(bob, post, "1.00"), tip(bob, post, "2.00", page=second)
    assert listed(api(), f"/api/v1/posts/{post.pk}/tips")[0] == [("bob_two", "2.00"), ("bob", "1.00")]


# -- The form -----------------------------------------------------------------------------------------------------


def test_the_form_offers_whole_amounts_from_the_least_to_the_most(client, bob, post, figure):
    client.force_login(bob)
    page = client.get(f"/p/{post.pk}/tip/").content.decode()
    assert [f'data-coins="{coins}"' in page for coins in (0, 1, 5, 10, 11)] == [False, True, True, True, False]
    figure(TIP_MIN=D("5.00"), TIP_MAX=D("100.00"))
    page = client.get(f"/p/{post.pk}/tip/").content.decode()
    assert page.count("data-coins=") == 10
    assert 'type="range" min="5.00" max="100.00"' in page


def test_it_begins_with_ones_usual_tip_as_far_as_that_fits(client, bob, post, tip, now, figure):
    client.force_login(bob)

    def begins_with():
        page = client.get(f"/p/{post.pk}/tip/").content.decode()
        return page.partition('name="amount" value="')[2].partition('"')[0]

    assert begins_with() == "1.00"
    set_preferences(member=bob, at=now, usual_tip="3.50")
    assert begins_with() == "3.50"
    tip(bob, post, "8.00", at=now)
    assert begins_with() == "2.00"  # what is left of 10.00
    figure(TIP_MIN=D("4.00"))
    assert "as much as one may" in text_of(client.get(f"/p/{post.pk}/tip/"))


def test_what_is_left_counts_what_was_given_before(client, bob, post, tip, now):
    client.force_login(bob)
    tip(bob, post, "8.00", at=now)
    page = text_of(client.get(f"/p/{post.pk}/tip/", {"amount": "3"}))
    assert "A tip is between 1.00 coin and 2.00 coins." in page


def test_the_form_says_what_each_of_the_writers_gets(client, alice, bob, mallory, write, noon):
    from social.coauthors import operations as coauthors

    post = write(alice, carrying={"coauthors": [{"username": "mallory", "percent": 25}]})
    client.force_login(bob)
    before = text_of(client.get(f"/p/{post.pk}/tip/", {"amount": "10"}))
    assert "Alice gets 6.00 coins" in before
    coauthors.answer(member=mallory, post_id=post.pk, agrees=True, at=noon)
    page = text_of(client.get(f"/p/{post.pk}/tip/", {"amount": "10"}))
    assert "Alice gets 4.50 coins in 24 h unless you take it back." in page
    assert "Mallory, who shares in it, gets 1.50 coins." in page
    sent = {"amount": "10", "key": str(uuid4())}
    said = text_of(client.post(f"/p/{post.pk}/tip/", sent, headers={"HX-Request": "true"}))
    assert "Alice and 1 co-author get 6.00 coins unless you take it back in time." in said
    client.force_login(mallory)
    refused = client.post(f"/p/{post.pk}/tip/", sent)
    assert (refused.status_code, "You share in the tips of this" in refused.content.decode()) == (422, True)


# -- One's usual tip ----------------------------------------------------------------------------------------------


def test_the_settings_keep_the_usual_tip(client, bob):
    client.force_login(bob)
    assert client.post("/settings/tips/", {"usual_tip": "2,50"}).status_code == 302
    assert 'value="2.50"' in client.get("/settings/tips/").content.decode()
    assert client.post("/settings/tips/", {"usual_tip": ""}).status_code == 302
    bob.profile.refresh_from_db()
    assert bob.profile.preferences["usual_tip"] == ""


@pytest.mark.parametrize("typed", ["0", "0.99", "10.01", "-5", "1e1", "NaN", "５", "\x00", "x" * 500])
def test_the_settings_refuse_what_is_no_tip(client, bob, typed):
    client.force_login(bob)
    assert client.post("/settings/tips/", {"usual_tip": typed}).status_code == 422


@pytest.mark.parametrize("said", ["0", "0.00", "-1", "1e3", "１", "1.234", "9999999", 5, None, [], True])
def test_the_api_refuses_what_is_no_usual_tip(api, bob, said):
    assert api(bob).patch("/api/v1/me", {"preferences": {"usual_tip": said}}).status_code == 400


def test_the_api_keeps_a_usual_tip(api, bob):
    answer = api(bob).patch("/api/v1/me", {"preferences": {"usual_tip": "2.50"}}).json()
    assert answer["preferences"]["usual_tip"] == "2.50"


def test_one_query_says_what_is_left(bob, post, tip, django_assert_num_queries):
    tip(bob, post, "3.33")
    with django_assert_num_queries(1):
        assert queries.left_to_tip(bob, post) == D("6.67")
