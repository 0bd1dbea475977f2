"""Bounties through the composer, the page, the API, the statement and the admin."""

from datetime import timedelta
from decimal import Decimal as D

import pytest

from economy.ledger import causes
from economy.ledger.queries import counterparties, statement
from social.bounties import operations
from social.bounties.models import Bounty
from social.feed.models import Post
from social.feed.tests.over_http import API, NOWHERE, balance, is_problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(alice, promise, now):
    return promise(alice, "25.00", content="How long does sourdough rest?", at=now - timedelta(hours=1))


@pytest.fixture
def answer(bob, post, say, now):
    return say(bob, post, "Until it has doubled.", at=now - timedelta(minutes=30))


# -- API --------------------------------------------------------------------------------------------------------


def test_a_post_with_a_bounty_is_written_and_read(api, alice):
    given = {"content": "How long?", "bounty": {"amount": "25", "days": 3}}
    answer = api(alice).post(f"{API}/posts", given, HTTP_IDEMPOTENCY_KEY="k")
    assert answer.status_code == 201, answer.json()
    bounty = answer.json()["bounty"]
    assert {**bounty, "ends_at": ""} == {"amount": "25.00", "ends_at": "", "state": "open", "comment": None}
    again = api(alice).post(f"{API}/posts", given, HTTP_IDEMPOTENCY_KEY="k")
    assert (again.status_code, again.json()["id"], again["Idempotent-Replayed"]) == (201, answer.json()["id"], "true")
    assert balance(alice) == D(75)
    assert api().get(f"{API}/feed/hot").json()["results"][0]["bounty"] == bounty


@pytest.mark.parametrize(
    "bounty",
    [
        [],
        "25.00",
        {},
        {"days": 7},
        {"amount": None},
        {"amount": True},
        {"amount": "0"},
        {"amount": "-5"},
        {"amount": "1.5.2"},
        {"amount": "1e400"},
        {"amount": "NaN"},
        {"amount": "２５"},
        {"amount": 9223372036854775808},
        {"amount": "25.001"},
        {"amount": ["25"]},
        {"amount": "25.00", "days": 0},
        {"amount": "25.00", "days": 31},
        {"amount": "25.00", "days": "soon"},
        {"amount": "25.00", "state": "awarded"},
    ],
)
def test_what_is_no_bounty_is_refused(api, alice, bounty):
    answer = api(alice).post(f"{API}/posts", {"content": "How long?", "bounty": bounty})
    assert answer.status_code in (400, 422), answer.json()
    assert (Post.objects.count(), balance(alice)) == (0, D(100))


@pytest.mark.parametrize(
    ("amount", "slug"), [("0.50", "bounty-limit"), ("500.01", "bounty-limit"), ("100.01", "insufficient-funds")]
)
def test_a_bounty_that_cannot_be_is_refused(api, alice, amount, slug):
    asked = {"content": "How long?", "bounty": {"amount": amount}}
    refused = api(alice).post(f"{API}/posts", asked)
    assert is_problem(refused, 422, slug)
    (error,) = refused.json()["errors"]
    assert error["field"] in ("bounty", "bounty.amount")
    assert (Post.objects.count(), balance(alice)) == (0, D(100))


def test_an_answer_is_chosen(api, alice, bob, mallory, post, answer):
    path, chosen = f"{API}/posts/{post.pk}/bounty/award", {"comment": str(answer.pk)}
    assert api().post(path, chosen).status_code == 401
    assert is_problem(api(mallory).post(path, chosen), 403, "not-allowed")
    assert is_problem(api(bob).post(path, chosen), 403, "not-allowed")
    paid = api(alice).post(path, chosen, HTTP_IDEMPOTENCY_KEY="k")
    assert paid.status_code == 201, paid.json()
    assert {name: paid.json()[name] for name in ("amount", "comment", "post", "returned_at")} == {
        "amount": "25.00",
        "comment": str(answer.pk),
        "post": str(post.pk),
        "returned_at": None,
    }
    assert api(alice).post(path, chosen, HTTP_IDEMPOTENCY_KEY="k")["Idempotent-Replayed"] == "true"
    assert api(alice).post(path, chosen).json() == paid.json()
    assert (balance(alice), balance(bob)) == (D(75), D(125))
    shown = api().get(f"{API}/posts/{post.pk}").json()["bounty"]
    assert (shown["state"], shown["comment"]) == ("awarded", str(answer.pk))


def test_a_choice_that_cannot_be_is_refused(api, alice, mallory, post, answer, say, write, now):
    path = f"{API}/posts/{post.pk}/bounty/award"
    own = say(alice, post, at=now)
    assert is_problem(api(alice).post(path, {"comment": str(own.pk)}), 422, "own-answer")
    assert is_problem(api(alice).post(path, {"comment": NOWHERE}), 404, "not-found")
    assert is_problem(api(alice).post(f"{API}/posts/{NOWHERE}/bounty/award", {"comment": NOWHERE}), 404, "not-found")
    plain = write(alice, at=now + timedelta(hours=2))
    assert is_problem(
        api(alice).post(f"{API}/posts/{plain.pk}/bounty/award", {"comment": str(answer.pk)}), 404, "not-found"
    )
    for odd in ({}, {"comment": None}, {"comment": "x"}, {"comment": [NOWHERE]}, {"comment": NOWHERE, "amount": "1"}):
        assert is_problem(api(alice).post(path, odd), 400, "malformed")
    Bounty.objects.update(ends_at=now)
    assert is_problem(api(alice).post(path, {"comment": str(answer.pk)}), 409, "bounty-over")
    operations.return_bounties(at=now)
    assert is_problem(api(alice).post(path, {"comment": str(answer.pk)}), 409, "bounty-resolved")
    assert balance(alice) == D(100)


# -- Pages --------------------------------------------------------------------------------------------------------


def test_the_composer_promises(client, alice):
    client.force_login(alice)
    given = {"content": "How long?", "bounty-amount": "12,50", "bounty-days": "3"}
    assert client.post("/write/", given).status_code == 302
    bounty = Bounty.objects.get()
    assert (bounty.amount, bounty.ends_at - bounty.created_at) == (D("12.50"), timedelta(days=3))
    page = client.get(f"/p/{bounty.post_id}/").content.decode()
    assert "for the best answer" in page
    assert "Choose an answer in its menu" in page
    assert "Choose an answer in its menu" not in client.get("/").content.decode()


@pytest.mark.parametrize("days", [{}, {"bounty-days": "7"}, {"bounty-days": "30"}])
def test_an_untouched_part_promises_nothing(client, alice, days):
    client.force_login(alice)
    assert client.post("/write/", {"content": "Words alone.", "bounty-amount": "", **days}).status_code == 302
    assert (Bounty.objects.count(), balance(alice)) == (0, D(100))


@pytest.mark.parametrize(
    ("amount", "says"),
    [
        ("0.5", "1.00 to 500.00 coins"),
        ("500.01", "1.00 to 500.00 coins"),
        ("100.01", "This takes 100.01 coins and you can spend 100.00."),
        ("many", "Write the amount in digits"),
        ("-1", "Write the amount in digits"),
        ("２５", "Write the amount in digits"),
    ],
)
def test_a_bounty_that_cannot_be_comes_back_as_it_was_typed(client, alice, amount, says):
    client.force_login(alice)
    refused = client.post("/write/", {"content": "How long?", "bounty-amount": amount, "bounty-days": "7"})
    assert refused.status_code == 422
    assert says in refused.content.decode()
    assert f'value="{amount}"' in refused.content.decode()
    assert (Post.objects.count(), balance(alice)) == (0, D(100))


def test_its_page_says_who_gets_it_and_pays_once(client, alice, bob, post, answer):
    client.force_login(alice)
    thread = client.get(f"/p/{post.pk}/").content.decode()
    assert f"/c/{answer.pk}/award/" in thread
    assert f"/c/{answer.pk}/remove/" not in thread
    page = client.get(f"/c/{answer.pk}/award/")
    assert b"Bob gets" in page.content
    for _press in range(2):
        paid = client.post(f"/c/{answer.pk}/award/", {"key": str(page.context["form"]["key"].value())})
        assert (paid.status_code, paid["Location"]) == (302, f"/p/{post.pk}/?comment={answer.pk}#comment-{answer.pk}")
    assert (balance(alice), balance(bob)) == (D(75), D(125))
    thread = client.get(f"/p/{post.pk}/").content.decode()
    assert "best answer: 25.00 coins" in thread
    assert f"/c/{answer.pk}/award/" not in thread
    assert f"/p/{post.pk}/?comment={answer.pk}#comment-{answer.pk}" in client.get("/").content.decode()


def test_a_refused_choice_is_said_on_the_page(client, alice, post, answer, say, now):
    client.force_login(alice)
    own = say(alice, post, at=now)
    refused = client.post(f"/c/{own.pk}/award/", {})
    assert (refused.status_code, b"somebody else" in refused.content) == (422, True)
    Bounty.objects.update(ends_at=now)
    refused = client.post(f"/c/{answer.pk}/award/", {})
    assert (refused.status_code, b"time for choosing" in refused.content) == (422, True)
    assert client.post(f"/c/{answer.pk}/award/", {"key": "\x00"}).status_code == 422
    assert balance(alice) == D(75)


def test_its_page_is_for_the_author_alone(client, alice, bob, mallory, post, answer, write, say, now):
    assert client.get(f"/c/{answer.pk}/award/").status_code == 302
    for member in (mallory, bob):
        client.force_login(member)
        assert client.get(f"/c/{answer.pk}/award/").status_code == 403
        assert client.post(f"/c/{answer.pk}/award/", {}).status_code == 403
        assert "/award/" not in client.get(f"/p/{post.pk}/").content.decode()
    client.force_login(alice)
    plain = say(bob, write(alice, at=now - timedelta(hours=3)), at=now)
    assert client.get(f"/c/{plain.pk}/award/").status_code == 404
    assert client.get(f"/c/{NOWHERE}/award/").status_code == 404
    assert balance(bob) == D(100)


# -- Statement and admin -------------------------------------------------------------------------------------------


def test_the_statement_says_what_it_was_and_who(alice, bob, mallory, post, answer, promise, now):
    operations.award_bounty(author=alice, post_id=post.pk, comment_id=answer.pk, channel="WEB", at=now)
    promise(alice, "5.00", days=1, at=now + timedelta(hours=1))
    operations.return_bounties(at=now + timedelta(days=2))

    def lines(member):
        found = list(statement(wallet=member.wallet).exclude(kind="SIGNUP_GRANT").order_by("-lock_version"))
        others, why = counterparties(member.wallet, found), causes.causes_of(found)
        return [
            (
                causes.title_of(line, member=member),
                line.amount,
                others[line.transfer_id].username if line.transfer_id in others else None,
                why[line.transfer_id].label if line.transfer_id in why else None,
            )
            for line in found
        ]

    assert lines(bob) == [("Bounty received", D("25.00"), "alice", "Until it has doubled.")]
    titles = [(title, amount, who) for title, amount, who, _label in lines(alice)]
    assert titles == [
        ("Bounty returned", D("5.00"), None),
        ("Bounty", D("-5.00"), None),
        ("Bounty", D("-25.00"), None),
    ]
    assert lines(alice)[2][3] == "How long does sourdough rest?"
    with_alice = statement(wallet=bob.wallet, page=alice.primary_page)
    assert [line.kind for line in with_alice.order_by("-lock_version")] == ["BOUNTY_AWARD"]
    assert list(statement(wallet=bob.wallet, page=mallory.primary_page)) == []


def test_staff_look_at_them(client, moderator, post):
    client.force_login(moderator)
    assert client.get("/admin/social/bounty/?q=alice").status_code == 200
    assert client.get(f"/admin/social/bounty/{Bounty.objects.get().pk}/change/").status_code == 200
