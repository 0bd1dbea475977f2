"""The admin: every page answers for those it is for, refuses the others, and nothing there bypasses the operations."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.audit.models import AdminAction, AuditLog
from accounts.members.models import User
from accounts.notifications.models import OutgoingMessage
from config.lib.admin import ReadOnlyAdmin
from config.lib.crypto import seal
from config.lib.ids import uuid7_at
from economy.ledger import operations as ledger
from economy.ledger.models import FundBalance, FundEntry, Posting, Transfer
from economy.tax.models import TaxBracket
from social.feed import operations as feed

pytestmark = pytest.mark.django_db

TABLES = sorted(admin.site._registry.values(), key=lambda table: table.model._meta.label)
OURS = [table for table in TABLES if isinstance(table, ReadOnlyAdmin) or table.model is User]
WEB, JOB = Transfer.Channel.WEB, Transfer.Channel.JOB


def address(table: Any, page: str, *args: Any) -> str:
    options = table.model._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{page}", args=args)


def signed_in(member: User) -> Client:
    client = Client()
    client.force_login(member)
    return client


@pytest.fixture
def staff(admin_member: Any) -> Client:
    return signed_in(admin_member)


@pytest.fixture
def aide(moderator: Any) -> Client:
    return signed_in(moderator)


@pytest.fixture
def post(alice: Any, bob: Any) -> Any:
    """A post with a comment and a tip, so that most tables have a row."""
    now = timezone.now()
    post = feed.write_post(author=alice, content="Hello, here is <b>something</b>", channel=WEB, at=now)
    feed.write_comment(author=bob, post_id=post.pk, content="Well said", channel=WEB, at=now)
    feed.tip_post(spender=bob, post_id=post.pk, coins=Decimal("2.00"), channel=WEB, at=now)
    feed.follow(follower=bob, page=alice.primary_page, at=now)
    return post


# -- Who sees what ------------------------------------------------------------------------------------------------


def test_lists_and_rows_answer_an_admin(staff: Client, post: Any):
    for table in TABLES:
        where = address(table, "changelist")
        assert staff.get(where).status_code == 200, where
    for table in OURS:
        row = table.model._default_manager.first()
        where = address(table, "change", row.pk) if row else address(table, "changelist")
        assert staff.get(where).status_code == 200, where


def test_members_and_visitors_are_kept_out(alice: Any):
    hers, nobody = signed_in(alice), Client()
    for table in TABLES:
        where = address(table, "changelist")
        for client in (hers, nobody):
            answer = client.get(where)
            assert answer.status_code in (302, 403), where
            assert not answer.content, where


@pytest.mark.parametrize(
    "name",
    [
        "constance_config",
        "django_celery_beat_periodictask",
        "django_celery_beat_intervalschedule",
        "accounts_phoneverification",
        "accounts_tokenfamily",
        "accounts_outgoingmessage",
        "config_idempotentanswer",
        "admin_logentry",
    ],
)
def test_moderators_do_not_see_what_is_for_admins(name: str, aide: Client, staff: Client):
    assert aide.get(reverse(f"admin:{name}_changelist")).status_code == 403
    assert staff.get(reverse(f"admin:{name}_changelist")).status_code == 200


def test_moderators_see_posts_members_and_the_desk(aide: Client, post: Any):
    for name in ("social_post", "social_comment", "accounts_user", "economy_transfer"):
        assert aide.get(reverse(f"admin:{name}_changelist")).status_code == 200
    desk = aide.get(reverse("admin:index"))
    assert desk.status_code == 200
    assert b"Hello, here is &lt;b&gt;" in desk.content


def test_staff_sign_in_where_members_do(alice: Any):
    came = Client().get(reverse("admin:index"), follow=True)
    assert came.redirect_chain[-1][0].startswith(reverse("accounts:signin"))
    assert signed_in(alice).get(reverse("admin:index"), follow=True).redirect_chain[-1][0] == "/"


def test_groups_and_sun_schedules_are_not_offered(staff: Client):
    for name in ("auth_group", "django_celery_beat_solarschedule"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{name}_changelist")


# -- Nothing is written by hand -----------------------------------------------------------------------------------


def test_forged_posts_are_refused(staff: Client, post: Any):
    staff.get(reverse("admin:index"))  # notes the admin's own activity, which the comparison must not see
    forged = {"balance": "1000000", "role": "MODERATOR", "amount": "5", "content": "forged", "status": "BANNED"}
    for table in OURS:
        where = address(table, "changelist")
        assert staff.post(address(table, "add"), forged).status_code == 403, where
        row = table.model._default_manager.first()
        if row is None:
            continue
        before = table.model._default_manager.filter(pk=row.pk).values().get()
        assert staff.post(address(table, "change", row.pk), forged).status_code == 403, where
        assert staff.post(address(table, "delete", row.pk), {"post": "yes"}).status_code == 403, where
        staff.post(where, {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"})
        assert table.model._default_manager.filter(pk=row.pk).values().get() == before, where


def test_a_form_without_token_does_nothing(admin_member: Any, alice: Any):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_member)
    assert client.post(reverse("admin:accounts_user_suspend", args=[alice.pk]), {"reason": "x"}).status_code == 403
    alice.refresh_from_db()
    assert alice.status == User.Status.ACTIVE


def test_codes_and_messages_are_never_shown(staff: Client, now: Any):
    message = OutgoingMessage.objects.create(
        channel="SMS",
        recipient="+491705550000",
        body="Your code is 424242",
        next_attempt_at=now,
        give_up_at=now + timedelta(minutes=10),
    )
    page = staff.get(reverse("admin:accounts_outgoingmessage_change", args=[message.pk])).content.decode()
    assert "+491705550000" in page
    assert "424242" not in page
    assert seal("x")[:6] not in page


# -- Measures -----------------------------------------------------------------------------------------------------


def test_suspending_takes_a_reason_and_is_kept_in_the_log(aide: Client, alice: Any):
    where = reverse("admin:accounts_user_suspend", args=[alice.pk])
    assert aide.get(where).status_code == 200
    assert aide.post(where, {"reason": ""}).status_code == 422
    alice.refresh_from_db()
    assert alice.status == User.Status.ACTIVE
    assert aide.post(where, {"reason": "Sold the same ladder twice"}).status_code == 302
    alice.refresh_from_db()
    assert alice.status == User.Status.SUSPENDED
    assert "Sold the same ladder twice" in LogEntry.objects.get(object_id=str(alice.pk)).get_change_message()

    assert aide.post(where, {"reason": "Again"}).status_code == 422
    assert aide.post(reverse("admin:accounts_user_reopen", args=[alice.pk]), {"reason": "Settled"}).status_code == 302
    alice.refresh_from_db()
    assert alice.status == User.Status.ACTIVE


def test_moderators_act_neither_on_staff_nor_beyond_their_measures(
    aide: Client, admin_member: Any, moderator: Any, alice: Any
):
    for member in (admin_member, moderator):
        where = reverse("admin:accounts_user_suspend", args=[member.pk])
        assert aide.post(where, {"reason": "No"}).status_code == 422
        member.refresh_from_db()
        assert member.status == User.Status.ACTIVE
    for measure in ("ban", "change_role", "sign_out_everywhere"):
        where = reverse(f"admin:accounts_user_{measure}", args=[alice.pk])
        given = {"reason": "No", "role": "ADMIN", "confirmed": "yes"}
        assert aide.post(where, given).status_code == 403
    grant = reverse("admin:accounts_wallet_grant", args=[alice.wallet.pk])
    assert aide.post(grant, {"coins": "5", "reason": "No", "key": uuid4(), "confirmed": "yes"}).status_code == 403
    brackets = reverse("admin:economy_taxbracket_change_all")
    assert aide.post(brackets, {}).status_code == 403
    alice.refresh_from_db()
    assert (alice.role, alice.status, alice.token_version) == (User.Role.USER, User.Status.ACTIVE, 1)


def test_banning_is_confirmed_and_ends_every_session(staff: Client, alice: Any):
    hers = signed_in(alice)
    where = reverse("admin:accounts_user_ban", args=[alice.pk])
    asked = staff.post(where, {"reason": "Fraud"})
    assert asked.status_code == 200
    assert b'name="confirmed"' in asked.content
    alice.refresh_from_db()
    assert alice.status == User.Status.ACTIVE
    assert staff.post(where, {"reason": "Fraud", "confirmed": "yes"}).status_code == 302
    alice.refresh_from_db()
    assert (alice.status, alice.token_version) == (User.Status.BANNED, 2)
    assert hers.get("/wallet/").status_code == 302


def test_a_role_is_given_by_an_admin_and_not_to_oneself(staff: Client, admin_member: Any, bob: Any):
    given = {"role": "MODERATOR", "reason": "Knows everyone", "confirmed": "yes"}
    assert staff.post(reverse("admin:accounts_user_change_role", args=[bob.pk]), given).status_code == 302
    bob.refresh_from_db()
    assert bob.role == User.Role.MODERATOR
    own = reverse("admin:accounts_user_change_role", args=[admin_member.pk])
    assert staff.post(own, given | {"role": "USER"}).status_code == 422


def test_a_grant_is_shown_once_more_and_pressed_twice_moves_once(staff: Client, alice: Any):
    where = reverse("admin:accounts_wallet_grant", args=[alice.wallet.pk])
    given = {"coins": "12.50", "reason": "Costs of the seed swap", "key": str(uuid4())}
    asked = staff.post(where, given)
    assert asked.status_code == 200
    assert b"12.50" in asked.content
    before = Posting.objects.count()
    for _press in range(2):
        assert staff.post(where, given | {"confirmed": "yes"}).status_code == 302
    alice.wallet.refresh_from_db()
    assert alice.wallet.balance == Decimal("112.50")
    assert Posting.objects.count() == before + 2
    assert Transfer.objects.get(kind="STAFF_GRANT").description == "Costs of the seed swap"


@pytest.mark.parametrize("coins", ["0", "-5", "100000.01", "1e3", "NaN", "5.005", ""])
def test_a_grant_of_a_bad_amount_moves_nothing(coins: str, staff: Client, alice: Any):
    where = reverse("admin:accounts_wallet_grant", args=[alice.wallet.pk])
    given = {"coins": coins, "reason": "No", "key": str(uuid4()), "confirmed": "yes"}
    assert staff.post(where, given).status_code == 422
    assert not Transfer.objects.filter(kind="STAFF_GRANT").exists()


def test_moderators_remove_posts_and_open_tips_go_back(aide: Client, post: Any, bob: Any):
    where = reverse("admin:social_post_remove", args=[post.pk])
    assert aide.post(where, {"reason": "Advertising"}).status_code == 302
    post.refresh_from_db()
    bob.wallet.refresh_from_db()
    assert post.deleted_at is not None
    assert bob.wallet.balance == Decimal("100.00")
    comment = post.comments.get()
    assert aide.post(reverse("admin:social_comment_remove", args=[comment.pk]), {"reason": "Same"}).status_code == 302
    comment.refresh_from_db()
    assert comment.deleted_at is not None


# -- Tax brackets -------------------------------------------------------------------------------------------------


_COLUMNS = ("name", "lower", "upper", "rate")


def lines(*brackets: tuple[str, str, str, str]) -> dict[str, str]:
    given = {"brackets-TOTAL_FORMS": str(len(brackets)), "brackets-INITIAL_FORMS": "0", "reason": "Proposal 7"}
    for place, values in enumerate(brackets):
        given |= {f"brackets-{place}-{name}": value for name, value in zip(_COLUMNS, values, strict=True)}
    return given


def test_brackets_are_changed_as_a_whole(staff: Client):
    where = reverse("admin:economy_taxbracket_change_all")
    assert staff.get(where).status_code == 200
    given = lines(("free", "0", "100", "0"), ("flat", "100", "", "0.1"), ("", "", "", ""))
    assert staff.post(where, given).status_code == 302
    written = [(row.name, row.lower, row.upper, row.rate) for row in TaxBracket.objects.order_by("lower")]
    assert written == [("free", 0, 100, 0), ("flat", 100, None, Decimal("0.1"))]
    done = AdminAction.objects.get()
    assert (done.action, done.reason) == ("change-brackets", "Proposal 7")
    rows = AuditLog.objects.filter(entity_type="economy_taxbracket", reason="Proposal 7")
    assert {row.action for row in rows} == {"INSERT", "DELETE"}
    assert {row.account for row in rows} == {done.staff}


def test_brackets_are_not_changed_without_a_reason(staff: Client):
    given = lines(("free", "0", "100", "0"), ("flat", "100", "", "0.1")) | {"reason": " "}
    answer = staff.post(reverse("admin:economy_taxbracket_change_all"), given)
    assert answer.status_code == 422
    assert not TaxBracket.objects.filter(name="flat").exists()


@pytest.mark.parametrize(
    "brackets",
    [
        [("free", "0", "100", "0"), ("flat", "150", "", "0.1")],
        [("free", "0", "200", "0"), ("flat", "100", "", "0.1")],
        [("free", "10", "", "0")],
        [("free", "0", "100", "0")],
        [("same", "0", "100", "0"), ("same", "100", "", "0.1")],
        [("free", "0", "100", "0"), ("flat", "100", "", "1.1")],
        [("free", "0", "0", "0"), ("flat", "0", "", "0.1")],
        [],
    ],
)
def test_brackets_with_gaps_change_nothing(brackets: Any, staff: Client):
    before = list(TaxBracket.objects.order_by("lower").values_list("name", "lower", "upper", "rate"))
    answer = staff.post(reverse("admin:economy_taxbracket_change_all"), lines(*brackets))
    assert answer.status_code == 422
    assert list(TaxBracket.objects.order_by("lower").values_list("name", "lower", "upper", "rate")) == before


# -- Cost ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["accounts_user", "accounts_page", "accounts_wallet", "social_post", "economy_posting"]
)
def test_a_longer_list_takes_no_more_queries(name: str, staff: Client, join: Any, post: Any):
    where = reverse(f"admin:{name}_changelist")
    staff.get(where)
    few = queries_of(staff, where)
    for number in range(6):
        writer = join(f"writer_{number}")
        feed.write_post(author=writer, content=f"Post {number}", channel=WEB, at=timezone.now())
    many = queries_of(staff, where)
    assert len(many) == len(few) <= 8
    assert not any("COUNT(" in query for query in many)


def queries_of(client: Client, where: str) -> list[str]:
    """What a page asks the database, apart from its session, which may come from the cache or be noted as used."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(where).status_code == 200
    return [query["sql"] for query in asked if not re.search("django_session|accounts_browsersession", query["sql"])]


@pytest.mark.parametrize("words", ["ali", "@alice", "+491705551000", "nobody@example.org", "%", "'; --"])
def test_members_are_found_without_reading_all(words: str, staff: Client, alice: Any):
    with CaptureQueriesContext(connection) as asked:
        answer = staff.get(reverse("admin:accounts_user_changelist"), {"q": words})
    assert answer.status_code == 200
    assert ("@alice" in answer.content.decode()) is (words in ("ali", "@alice", str(alice.phone_number)))
    assert len(asked) <= 16  # with the session, the door and the day's activity


# -- The desk -----------------------------------------------------------------------------------------------------


def test_the_desk_tells_what_needs_a_person(staff: Client, admin_member: Any, now: Any):
    assert b"Nothing needs a person right now" in staff.get(reverse("admin:index")).content
    OutgoingMessage.objects.create(
        channel="SMS", recipient="+491705550000", status="FAILED", next_attempt_at=now, give_up_at=now
    )
    FundEntry.objects.create(fund="treasury", amount=1)
    desk = staff.get(reverse("admin:index")).content.decode()
    assert "This needs a person" in desk
    assert "Messages not delivered" in desk


def test_a_week_that_was_not_closed_is_told(staff: Client, join: Any, now: Any):
    join("early_bird", at=now - timedelta(weeks=3))
    assert "Weeks to close" in staff.get(reverse("admin:index")).content.decode()
    assert b"This needs a person" in staff.get(reverse("admin:index")).content


def test_rows_outside_of_their_month_are_told(staff: Client, alice: Any):
    far = timezone.now() + timedelta(days=900)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO economy_transfer (id, kind, trigger, channel, description, metadata, reference_type)"
            " VALUES (%s, 'CORRECTION', '', 'JOB', '', '{}', '')",
            [uuid7_at(far)],
        )
    assert b"economy_transfer_default" in staff.get(reverse("admin:index")).content


def test_funds_are_shown_with_what_waits(staff: Client, alice: Any):
    ledger.roll_up_funds()
    FundEntry.objects.create(fund="issuance", amount=-7)
    assert FundBalance.objects.filter(fund="issuance").exists()
    rolled = FundBalance.objects.get(fund="issuance").balance
    assert str(rolled - 7).replace("-", "") in staff.get(
        reverse("admin:economy_fundbalance_changelist")
    ).content.decode().replace(",", "")
