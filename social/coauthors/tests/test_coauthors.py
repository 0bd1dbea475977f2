"""Who is asked to share in the tips of a post, and what they say."""

from datetime import timedelta
from uuid import UUID

import pytest
from constance.test import override_config
from hypothesis import given
from hypothesis import strategies as st

from accounts.departures import operations as departures
from accounts.departures import parts
from accounts.members import boundaries
from accounts.members.models import Page, User
from accounts.notifications.operations import gather
from config.lib.refusals import NotAllowed, NotThere
from social.coauthors import operations, queries, rules
from social.coauthors.models import CoAuthor
from social.coauthors.operations import AnsweredAlready, BadShares, NoSuchCoAuthor, TooManyInvitations
from social.feed.models import Post
from social.feed.tests.conftest import together

pytestmark = pytest.mark.django_db


# -- Asking -------------------------------------------------------------------------------------------------------


def test_who_is_asked_shares_once_they_have_said_yes(alice, bob, mallory, together_with, agree):
    post = together_with(alice, agreed=False, bob=25, mallory=10)
    assert post.carries["coauthors"] == {"agreed": 0, "percent": 0, "asked": 2}
    agree(bob, post)
    agree(mallory, post, agrees=False)
    post.refresh_from_db()
    assert post.carries["coauthors"] == {"agreed": 1, "percent": 25, "asked": 0}


def test_one_may_think_again_and_say_the_same_twice(alice, bob, together_with, agree, noon):
    post = together_with(alice, bob=25)
    first = CoAuthor.objects.get().answered_at
    agree(bob, post, at=noon.replace(hour=13))
    assert CoAuthor.objects.get().answered_at == first
    agree(bob, post, agrees=False)
    post.refresh_from_db()
    assert (CoAuthor.objects.get().answer, post.carries["coauthors"]["agreed"]) == ("NO", 0)


@given(st.lists(st.integers(-3, 120), max_size=8))
def test_shares_that_pass_leave_the_writer_something(percents):
    if rules.fault_of(percents) == "":
        assert len(percents) <= 5
        assert sum(percents) < 100
        assert all(percent >= 1 for percent in percents)


@pytest.mark.parametrize(
    ("value", "refusal"),
    [
        ([("bob", 60), ("mallory", 40)], BadShares),
        ([("bob", 0)], BadShares),
        ([("bob", 10), ("@Bob", 10)], BadShares),
        ([("bob", 10), ("bob_too", 10)], NoSuchCoAuthor),  # whose they are is told to nobody
        ([(name, 1) for name in ("bob", "mallory", "a", "b", "c", "d")], BadShares),
        ([("nobody", 10)], NoSuchCoAuthor),
        ([("alice", 10)], NoSuchCoAuthor),
        ([("alice_two", 10)], NoSuchCoAuthor),
        ([("banned", 10)], NoSuchCoAuthor),
        ([("\x00", 10)], NoSuchCoAuthor),
    ],
)
def test_what_cannot_be_shared_leaves_no_post(alice, bob, mallory, join, write, value, refusal):
    for owner in (alice, bob):
        name = f"{owner.primary_page.username}_{'two' if owner is alice else 'too'}"
        Page.objects.create(user=owner, username=name, display_name="N", is_primary=False)
    join("banned", status=User.Status.BANNED)
    with pytest.raises(refusal):
        write(alice, carrying={"coauthors": [{"username": name, "percent": share} for name, share in value]})
    assert not Post.objects.exists()
    assert not CoAuthor.objects.exists()


def test_mallory_asks_nobody_who_keeps_away_from_her_and_not_everybody(alice, bob, mallory, noon, write):
    boundaries.block(member=alice, page=mallory.primary_page, at=noon)
    with pytest.raises(boundaries.Blocked):
        write(mallory, carrying={"coauthors": [{"username": "alice", "percent": 5}]})
    with override_config(COAUTHORS_PER_DAY=1):
        write(mallory, carrying={"coauthors": [{"username": "bob", "percent": 5}]})
        with pytest.raises(TooManyInvitations):
            write(mallory, carrying={"coauthors": [{"username": "bob", "percent": 5}]})


def test_mallory_answers_for_nobody(alice, bob, mallory, together_with, agree, noon):
    post = together_with(alice, agreed=False, bob=25)
    with pytest.raises(NotThere):
        agree(mallory, post)
    with pytest.raises(NotThere):  # nor does the writer
        agree(alice, post)
    bob.status = User.Status.SUSPENDED
    bob.save(update_fields=["status"])
    with pytest.raises(NotAllowed):
        agree(bob, post)
    boundaries.block(member=alice, page=mallory.primary_page, at=noon)
    assert CoAuthor.objects.get().answer == "WAITING"


def test_a_block_keeps_new_agreements_away_and_takes_nobodys_share(alice, bob, mallory, together_with, agree, noon):
    post = together_with(alice, agreed=False, bob=25, mallory=10)
    agree(bob, post)
    for page in (bob.primary_page, mallory.primary_page):
        boundaries.block(member=alice, page=page, at=noon)
    with pytest.raises(boundaries.Blocked):
        agree(mallory, post)
    assert CoAuthor.objects.get(user=bob).answer == "YES"


@pytest.mark.django_db(transaction=True)
def test_all_who_answer_at_once_are_on_the_card(alice, bob, mallory, join, together_with, agree):
    others = [join(name) for name in ("carol", "dan", "eve")]
    post = together_with(alice, agreed=False, bob=5, mallory=5, carol=5, dan=5, eve=5)
    done = together(*[lambda who=who: agree(who, post) for who in (bob, mallory, *others)])
    assert [one.answer for one in done] == ["YES"] * 5
    post.refresh_from_db()
    assert post.carries["coauthors"] == {"agreed": 5, "percent": 25, "asked": 0}


# -- Who sees what ------------------------------------------------------------------------------------------------


def test_others_see_only_who_has_agreed(alice, bob, mallory, join, together_with, agree):
    post = together_with(alice, agreed=False, bob=25, mallory=10)
    agree(bob, post)
    stranger = join("stranger")
    seen = {who: [row.page.username for row in queries.coauthors_of(post, who)] for who in (alice, mallory, stranger)}
    assert seen == {alice: ["bob", "mallory"], mallory: ["bob", "mallory"], stranger: ["bob"]}
    User.objects.filter(pk=bob.pk).update(status="BANNED")
    assert queries.coauthors_of(post, stranger) == []


def test_cards_cost_no_query_for_it(alice, bob, client, together_with, django_assert_max_num_queries):
    def count():
        with django_assert_max_num_queries(20) as counted:
            page = client.get("/")
        assert "co-author" in page.content.decode()
        return len(counted)

    together_with(alice, bob=5)
    few = count()
    for _number in range(4):
        together_with(alice, bob=5)
    assert count() == few


def test_they_hear_of_it_and_so_does_the_writer(alice, bob, together_with, agree, noon, now):
    post = together_with(alice, agreed=False, bob=25)
    agree(bob, post)
    gather(at=now)
    (asked,) = bob.notifications.filter(type="coauthor")
    assert asked.title == "Alice asks you to share in the tips of a post"
    assert asked.data["path"] == f"/p/{post.pk}/coauthor/"
    (told,) = alice.notifications.filter(type="coauthor-answer")
    assert (told.title, told.data["path"]) == ("Bob shares in the tips of your post", f"/p/{post.pk}/")


# -- Doors --------------------------------------------------------------------------------------------------------


def composed(**more):
    return {"content": "Written by two.", "title": ""} | more


def test_the_composer_asks_and_keeps_what_was_typed_when_it_is_refused(client, alice, bob):
    client.force_login(alice)
    refused = client.post("/write/", composed(**{"coauthors-username_0": "nobody", "coauthors-percent_0": "25"}))
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "There is no member @nobody" in page
    assert 'value="nobody"' in page
    half = client.post("/write/", composed(**{"coauthors-username_0": "bob"}))
    assert (half.status_code, "Say how much" in half.content.decode()) == (422, True)
    done = client.post("/write/", composed(**{"coauthors-username_3": "@bob", "coauthors-percent_3": "25"}))
    assert done.status_code == 302
    row = CoAuthor.objects.get()
    assert (row.page.username, row.percent) == ("bob", 25)


def test_the_page_asks_and_answers(client, alice, bob, mallory, together_with):
    post = together_with(alice, agreed=False, bob=25)
    url = f"/p/{post.pk}/coauthor/"
    client.force_login(bob)
    assert "25% would be yours" in client.get(url).content.decode()
    assert client.post(url, {"answer": "maybe"}).status_code == 422
    assert client.post(url, {"answer": "yes"}).url == f"/p/{post.pk}/"
    assert "You share in the tips: 25%." in client.get(f"/p/{post.pk}/").content.decode()
    assert client.post(url, {"answer": "no"}).status_code == 302
    assert CoAuthor.objects.get().answer == "NO"


def test_the_api_asks_answers_and_tells(api, alice, bob, mallory):
    body = {"content": "By two.", "coauthors": [{"username": "bob", "percent": 25}]}
    made = api(alice).post("/api/v1/posts", body)
    assert (made.status_code, made.json()["coauthors"]) == (201, {"agreed": 0, "percent": 0, "asked": 1})
    address = f"/api/v1/posts/{made.json()['id']}/coauthors"
    assert api(mallory).put(f"{address}/me", {"answer": "yes"}).status_code == 404
    assert api().put(f"{address}/me", {"answer": "yes"}).status_code == 401
    assert api(bob).put(f"{address}/me", {"answer": "maybe"}).status_code == 400
    answered = api(bob).put(f"{address}/me", {"answer": "yes"}).json()
    assert (answered["page"]["username"], answered["percent"], answered["answer"]) == ("bob", 25, "yes")
    assert [row["percent"] for row in api().get(address).json()] == [25]
    assert api().get(f"/api/v1/posts/{made.json()['id']}").json()["coauthors"]["agreed"] == 1


@pytest.mark.parametrize(
    "coauthors",
    [
        "bob",
        {"username": "bob"},
        [{"username": "bob"}],
        [{"username": "bob", "percent": "x"}],
        [{"username": "bob", "percent": 1.5}],
        [{"username": "bob", "percent": 2**63}],
        [{"username": "bob", "percent": 5, "role": "admin"}],
        [{"username": "b\x00b", "percent": 5}],
        [{"username": "bob", "percent": 5}] * 6,
        [None],
    ],
)
def test_the_api_refuses_what_is_no_share(api, alice, bob, coauthors):
    answer = api(alice).post("/api/v1/posts", {"content": "By two.", "coauthors": coauthors})
    assert answer.status_code == 400
    assert not Post.objects.exists()


# -- Leaving ------------------------------------------------------------------------------------------------------


def test_who_leaves_for_good_shares_in_nothing_more(alice, bob, together_with, now, settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path
    post = together_with(alice, bob=25)
    until = departures.close_account(member=bob, removes_writing=False, at=now)
    departures.remind_closed(at=until - timedelta(days=7))
    assert departures.erase_due(clock=lambda: until) == 1
    post.refresh_from_db()
    assert CoAuthor.objects.get().answer == "NO"
    assert post.carries["coauthors"] == {"agreed": 0, "percent": 0, "asked": 0}
    assert "bob" not in str(post.carries)


def test_a_copy_of_ones_data_holds_it(alice, bob, together_with, tip, mallory):
    tip(mallory, together_with(alice, bob=25), "5.00")
    found = {part.name: list(part.rows(bob)) for part in parts.parts() if part.name in ("co-authorship", "tips-shared")}
    assert [row["answer"] for row in found["co-authorship"]] == ["YES"]
    assert [str(row["coins"]) for row in found["tips-shared"]] == ["0.75"]


# -- Asking no longer ---------------------------------------------------------------------------------------------


def test_who_has_not_answered_is_asked_no_longer(alice, bob, mallory, together_with, agree):
    post = together_with(alice, agreed=False, bob=25, mallory=10)
    assert operations.take_back_question(author=alice, post_id=post.pk, page_id=bob.primary_page.pk)
    assert not operations.take_back_question(author=alice, post_id=post.pk, page_id=bob.primary_page.pk)
    post.refresh_from_db()
    assert post.carries["coauthors"] == {"agreed": 0, "percent": 0, "asked": 1}
    with pytest.raises(NotThere):
        agree(bob, post)
    agree(mallory, post)


def test_whoever_is_not_asked_or_no_longer_is_told_so_beside_the_post(client, alice, bob, mallory, together_with):
    post = together_with(alice, agreed=False, bob=25)
    operations.take_back_question(author=alice, post_id=post.pk, page_id=bob.primary_page.pk)
    for member in (bob, mallory):
        client.force_login(member)
        for response in (
            client.get(f"/p/{post.pk}/coauthor/", follow=True),
            client.post(f"/p/{post.pk}/coauthor/", {"answer": "yes"}, follow=True),
        ):
            assert response.redirect_chain == [(f"/p/{post.pk}/", 302)]
            assert "You are not asked to share in the tips of this post" in response.content.decode()
    assert client.get(f"/p/{UUID(int=1)}/coauthor/").status_code == 404


@pytest.mark.parametrize("agrees", [True, False])
def test_whoever_has_answered_decides_alone(alice, bob, together_with, agree, agrees):
    post = together_with(alice, agreed=False, bob=25)
    agree(bob, post, agrees=agrees)
    with pytest.raises(AnsweredAlready):
        operations.take_back_question(author=alice, post_id=post.pk, page_id=bob.primary_page.pk)
    assert CoAuthor.objects.count() == 1


def test_nobody_takes_back_what_another_asked(alice, bob, mallory, together_with):
    post = together_with(alice, agreed=False, bob=25)
    for member in (mallory, bob):
        with pytest.raises(NotThere):
            operations.take_back_question(author=member, post_id=post.pk, page_id=bob.primary_page.pk)
    assert CoAuthor.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_the_answer_and_the_question_taken_back_one_comes_first(alice, bob, together_with, agree):
    post = together_with(alice, agreed=False, bob=25)
    answered, taken = together(
        lambda: agree(bob, post),
        lambda: operations.take_back_question(author=alice, post_id=post.pk, page_id=bob.primary_page.pk),
    )
    post.refresh_from_db()
    if isinstance(answered, NotThere):
        assert (taken, CoAuthor.objects.count(), post.carries["coauthors"]["asked"]) == (True, 0, 0)
    else:
        assert isinstance(taken, AnsweredAlready)
        assert post.carries["coauthors"] == {"agreed": 1, "percent": 25, "asked": 0}


def test_the_writer_has_a_button_for_it(client, alice, bob, mallory, together_with):
    post = together_with(alice, agreed=False, bob=25)
    url = f"/p/{post.pk}/coauthors/{bob.primary_page.pk}/take-back/"
    client.force_login(bob)
    assert url not in client.get(f"/p/{post.pk}/").content.decode()
    assert client.post(url).status_code == 404
    client.force_login(alice)
    assert url in client.get(f"/p/{post.pk}/").content.decode()
    assert client.get(url).status_code == 405
    for _press in range(2):
        assert client.post(url).url == f"/p/{post.pk}/"
    assert not CoAuthor.objects.exists()


def test_programs_ask_no_longer(api, alice, bob, mallory, together_with, agree):
    post = together_with(alice, agreed=False, bob=25, mallory=10)
    address = f"/api/v1/posts/{post.pk}/coauthors"
    assert api().delete(f"{address}/bob").status_code == 401
    assert api(mallory).delete(f"{address}/bob").status_code == 404
    assert api(alice).delete(f"{address}/Bob").status_code == 204
    assert api(alice).delete(f"{address}/bob").status_code == 404
    agree(mallory, post)
    refused = api(alice).delete(f"{address}/mallory")
    assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[-1]) == (409, "answered-already")


@pytest.mark.parametrize(
    ("coauthors", "slug"),
    [
        ([{"username": "nobody", "percent": 10}], "no-such-co-author"),
        ([{"username": name, "percent": 50} for name in ("bob", "mallory")], "bad-shares"),
    ],
)
def test_a_refusal_in_the_api_names_the_part_it_is_about(api, alice, bob, mallory, coauthors, slug):
    answer = api(alice).post("/api/v1/posts", {"content": "Together", "coauthors": coauthors})
    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [("coauthors", slug)]
