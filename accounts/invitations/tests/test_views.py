"""The pages of joining: links, the page behind one, applying; by members, visitors and mallory."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from constance.test import override_config
from django.test import Client
from django.utils import timezone

from accounts.invitations.models import Application, Invitation
from accounts.members.models import User
from accounts.signin.tests.conftest import NUMBER, Phone

pytestmark = pytest.mark.django_db
MINE = "/settings/invitations/"


@pytest.fixture
def visitor() -> Client:
    return Client()


@pytest.fixture
def phone() -> Phone:
    return Phone(NUMBER)


@pytest.fixture
def member(alice) -> Client:
    client = Client()
    client.force_login(alice)
    return client


def prove(client: Client, phone: Phone, **names: str):
    """Sign in on the pages, as far as the code goes."""
    client.post("/signin/", {"phone": phone.number})
    return client.post("/signin/code/", {"code": phone.code, **names})


# -- A member's links -----------------------------------------------------------------------------


def test_my_invitations_are_for_members(visitor):
    assert visitor.get(MINE).headers["Location"].startswith("/signin/")


def test_my_invitations_begin_empty_and_say_what_to_do(member):
    assert "No open link" in member.get(MINE).content.decode()


def test_my_invitations_make_a_link_and_show_it(member, alice):
    made = member.post(MINE, {"uses": "3", "days": "14", "gift": "2.50", "note": "The bakers"})
    invitation = Invitation.objects.get()
    assert made.status_code == 302 and made.headers["Location"].endswith(f"#invitation-{invitation.pk}")
    assert (invitation.uses_most, invitation.gift, invitation.inviter) == (3, Decimal("2.50"), alice)
    page = member.get(MINE).content.decode()
    assert f"http://testserver/join/{invitation.code}/" in page and "The bakers" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"uses": "0"},
        {"uses": "101"},
        {"uses": "x"},
        {"uses": "9" * 400},
        {"days": "91"},
        {"gift": "-1"},
        {"gift": "1e5"},
        {"gift": "٣"},
        {"gift": "500.01"},
        {"note": "x" * 101},
        {"note": "a\x00b"},
    ],
)
def test_my_invitations_refuse_what_cannot_be_and_keep_what_was_typed(member, wrong):
    typed = {"uses": "1", "days": "7", "note": "For Ana"} | wrong
    refused = member.post(MINE, typed)
    assert refused.status_code == 422
    assert "form-errors" in refused.content.decode()
    if "uses" in wrong:
        assert "Write a number from 1 to 100." in refused.content.decode()
    if "note" not in wrong:
        assert "For Ana" in refused.content.decode()
    assert not Invitation.objects.exists()


@override_config(INVITATIONS_MOST=0)
def test_my_invitations_say_when_there_is_no_room(member):
    refused = member.post(MINE, {"uses": "1", "days": "7"})
    assert refused.status_code == 422 and "Take one back" in refused.content.decode()


def test_my_invitations_show_who_came(member, alice, invite, admit):
    admit(username="ana", invitation=invite(alice).code)
    page = member.get(MINE).content.decode()
    assert "@ana" in page and "Past links" in page


def test_my_invitations_take_the_same_queries_however_many_there_are(
    member, alice, invite, admit, django_assert_max_num_queries
):
    for number in range(6):
        admit(f"+49151999000{number:02}", invitation=invite(alice).code)
        invite(alice)
    with django_assert_max_num_queries(14):
        member.get(MINE)


def test_revoke_invitation_takes_ones_own_back_and_nobody_elses(member, alice, mallory, invite):
    invitation = invite(alice)
    address = f"{MINE}{invitation.pk}/revoke/"
    stranger = Client()
    stranger.force_login(mallory)
    assert stranger.post(address).status_code == 404
    assert member.get(address).status_code == 405
    assert member.post(f"{MINE}{uuid4()}/revoke/").status_code == 404
    assert member.post(address).status_code == 302 == member.post(address).status_code
    invitation.refresh_from_db()
    assert invitation.revoked_at is not None


def test_forms_need_their_token(alice, invite):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post(MINE, {"uses": "1", "days": "7"}).status_code == 403
    assert client.post(f"{MINE}{invite(alice).pk}/revoke/").status_code == 403


def test_the_suspended_cannot_make_one(member, alice):
    User.objects.filter(pk=alice.pk).update(status="SUSPENDED")
    assert member.post(MINE, {"uses": "1", "days": "7"}).status_code == 403


# -- The page behind a link -----------------------------------------------------------------------


def test_join_by_invitation_says_who_invites_and_with_what(visitor, alice, invite):
    invitation = invite(alice, gift=Decimal("2.50"))
    page = visitor.get(f"/join/{invitation.code}/")
    assert page.status_code == 200
    assert "invites you" in page.content.decode() and "2.50" in page.content.decode()
    assert not visitor.cookies.get("sessionid")  # looking leaves nothing behind


@pytest.mark.parametrize("code", ["x", "no-such-invitation-here", "%00", "a" * 500, "%F0%9F%8D%9E"])
def test_join_by_invitation_of_none_is_not_there(visitor, code):
    page = visitor.get(f"/join/{code}/")
    assert page.status_code == 404
    assert "no longer good" in page.content.decode()


def test_join_by_invitation_leads_through_the_sign_in(visitor, phone, alice, invite):
    invitation = invite(alice, gift=Decimal("2.50"))
    with override_config(SIGN_UP_MODE="invitation"):
        assert visitor.post(f"/join/{invitation.code}/").headers["Location"] == "/signin/"
        assert "You come by an invitation" in visitor.get("/signin/").content.decode()
        assert prove(visitor, phone, username="ana").status_code == 302
    member = User.objects.get(phone_number=NUMBER)
    assert member.wallet.balance == Decimal("102.50")
    assert member.invited_by_use.invitation == invitation
    assert "invitation" not in visitor.session


def test_join_by_invitation_that_is_used_meanwhile_says_so_once(visitor, phone, alice, invite, admit):
    invitation = invite(alice)
    visitor.post(f"/join/{invitation.code}/")
    admit(invitation=invitation.code)
    refused = prove(visitor, phone)
    assert refused.status_code == 422 and "no longer good" in refused.content.decode()
    assert visitor.post("/signin/code/", {"code": phone.code}).status_code == 302  # open: goes on without it


def test_join_by_invitation_does_nothing_for_members(member, mallory, invite):
    page = member.get(f"/join/{invite(mallory).code}/")
    assert "You are a member already" in page.content.decode()


# -- Modes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "says"),
    [("invitation", "One joins by invitation"), ("application", "staff answer"), ("closed", "Nobody new can join")],
)
def test_signin_says_how_one_joins(visitor, mode, says):
    with override_config(SIGN_UP_MODE=mode):
        assert says in visitor.get("/signin/").content.decode()


@pytest.mark.parametrize("mode", ["invitation", "closed"])
def test_the_refused_learn_it_after_the_code_and_members_are_let_in(visitor, phone, alice, mode):
    with override_config(SIGN_UP_MODE=mode):
        assert prove(visitor, phone).status_code == 403
        assert prove(Client(), Phone(str(alice.phone_number))).status_code == 302
    assert not User.objects.filter(phone_number=NUMBER).exists()


# -- Applying -------------------------------------------------------------------------------------


@pytest.fixture
def applying(visitor, phone) -> Client:
    with override_config(SIGN_UP_MODE="application"):
        assert prove(visitor, phone, username="ana").headers["Location"] == "/signin/apply/"
        yield visitor


def test_apply_comes_after_the_number_is_proved(visitor):
    assert visitor.get("/signin/apply/").headers["Location"] == "/signin/"
    assert visitor.post("/signin/apply/", {"words": "Me"}).headers["Location"] == "/signin/"


def test_apply_keeps_the_name_typed_before_and_hands_the_words_to_staff(applying):
    assert 'value="ana"' in applying.get("/signin/apply/").content.decode()
    sent = applying.post("/signin/apply/", {"words": "I bake.", "username": "ana", "display_name": "Ana"})
    assert sent.headers["Location"] == "/signin/applied/"
    application = Application.objects.get()
    assert (str(application.phone_number), application.words, application.username) == (NUMBER, "I bake.", "ana")
    assert applying.get("/signin/applied/").status_code == 200
    assert applying.get("/signin/apply/").headers["Location"] == "/signin/"


@pytest.mark.parametrize(
    "wrong", [{"words": " "}, {"words": "x" * 1001}, {"words": "a\x00b"}, {"username": "x"}, {"username": "admin"}]
)
def test_apply_refuses_on_the_form(applying, wrong):
    refused = applying.post("/signin/apply/", {"words": "I bake."} | wrong)
    assert refused.status_code == 422
    assert not Application.objects.exists()


def test_apply_a_second_time_hears_that_it_waits(applying, phone):
    applying.post("/signin/apply/", {"words": "I bake."})
    with override_config(CODES_PER_NUMBER_MINUTE=5):
        refused = prove(Client(), phone)
    assert refused.status_code == 403
    assert "waits for an answer" in refused.content.decode()


def test_apply_is_over_after_an_hour(applying):
    session = applying.session
    session["applying"] = session["applying"] | {"until": (timezone.now() - timedelta(seconds=1)).isoformat()}
    session.save()
    assert applying.get("/signin/apply/").headers["Location"] == "/signin/"
