"""What is left of a member whose thirty days are over."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from accounts.audit.models import AuditLog
from accounts.badges.models import UserActivity
from accounts.departures import files, operations, queries
from accounts.departures.models import DataExport, ReleasedNumber
from accounts.departures.tests.conftest import NUMBER
from accounts.members.models import Page, User
from accounts.members.operations import BadUsername
from accounts.members.operations import join as join_member
from accounts.notifications import kinds
from accounts.notifications.models import Notification
from accounts.notifications.operations import gather, owe_notice
from accounts.wallets.models import Wallet

pytestmark = pytest.mark.django_db


def words_in_database():
    """Every value of every row of this app, of what it sends, and of the admin's log."""
    tables = [model._meta.db_table for model in apps.get_app_config("accounts").get_models()]
    with connection.cursor() as cursor:
        for table in [*tables, "django_admin_log"]:
            # The log of audit is kept as long as its own setting says (docs/decisions/0014).
            if table in ("accounts_auditlog", "accounts_adminaction"):
                continue
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                yield table, row


def test_no_row_names_the_member_any_more(ana, erase):
    assert erase(ana) == 1

    traces = ("ana", "alvarez", "quito", NUMBER, "sister", "203.0.113.9", "rain", "0xaaaa", "secretsecret")
    found = [(table, trace) for table, row in words_in_database() for trace in traces if trace in row.lower()]
    assert found == []


def test_the_control_finds_them_before(ana):
    everything = " ".join(row.lower() for _table, row in words_in_database())

    for trace in ("ana@example.org", "alvarez", "quito", NUMBER, "sister", "203.0.113.9", "rain", "0xaaaa"):
        assert trace in everything


def test_the_account_stays_as_a_shell_under_pseudonyms(ana, erase, now):
    erase(ana)

    assert (ana.status, ana.phone_number, ana.email, ana.role) == (User.Status.ERASED, None, None, User.Role.USER)
    assert ana.erased_at == now + timedelta(days=30)
    assert not ana.has_usable_password()
    assert ana.two_factor_secret == ""
    pages = Page.objects.filter(user=ana)
    assert pages.count() == 2
    assert all(page.is_erased for page in pages)
    assert not Page.objects.visible().filter(user=ana).exists()


def test_days_of_activity_stay_as_figures(ana, erase):
    erase(ana)

    assert UserActivity.objects.filter(user=ana).count() == 1


def test_nobody_may_take_a_pseudonym(ana, erase, now):
    erase(ana)

    with pytest.raises(BadUsername):
        join_member(phone_number="+491705550002", username="deleted_0123456789ab", at=now)


def test_the_name_and_the_number_are_free_again(ana, erase, now):
    erase(ana)
    again = join_member(phone_number=NUMBER, username="ana", at=now + timedelta(days=31))

    assert again.pk != ana.pk
    assert Page.objects.get(username="ana").user == again


def test_joining_again_brings_no_second_welcome_grant(ana, erase, now):
    erase(ana)
    again = join_member(phone_number=NUMBER, username="ana", at=now + timedelta(days=31))

    assert Wallet.objects.get(user=again).balance == Decimal("0.00")


def test_the_control_brings_the_first_one(now):
    assert Wallet.objects.get(user=join_member(phone_number=NUMBER, username="ana", at=now)).balance > 0


def test_a_number_that_was_left_for_another_brings_none_either(now):
    """Two numbers that take turns: one account moves away and is closed, the next one joins with the number it left."""
    operations.remember_number(NUMBER, at=now)
    assert Wallet.objects.get(user=join_member(phone_number=NUMBER, username="ana", at=now)).balance == Decimal("0.00")


def test_leaving_a_number_forgets_no_suspension(now):
    operations.remember_number(NUMBER, at=now, was_suspended=True, suspended_until=None)
    operations.remember_number(NUMBER, at=now)
    assert queries.released(NUMBER).was_suspended


def test_after_two_years_the_number_is_forgotten(ana, erase, now):
    erase(ana)
    gone = now + timedelta(days=30)

    assert operations.forget_released_numbers(at=gone + timedelta(days=24 * 30 - 1)) == 0
    assert operations.forget_released_numbers(at=gone + timedelta(days=24 * 30)) == 1
    assert queries.released(NUMBER) is None


def test_the_number_itself_is_not_kept(ana, erase):
    erase(ana)

    assert ReleasedNumber.objects.get().number_hash not in (NUMBER, "")
    assert queries.released(NUMBER) is not None
    assert queries.released("+491705550099") is None


@pytest.mark.parametrize(("until", "joins_as"), [(None, "SUSPENDED"), (60, "SUSPENDED"), (30, "ACTIVE"), (5, "ACTIVE")])
def test_leaving_is_no_way_out_of_a_suspension(ana, erase, now, until, joins_as):
    ana.status, ana.status_until = User.Status.SUSPENDED, until and now + timedelta(days=until)
    ana.save()
    erase(ana)

    again = join_member(phone_number=NUMBER, username="ana", at=now + timedelta(days=31))
    assert again.status == joins_as
    assert bool(again.status_reason) == (joins_as == "SUSPENDED")


def test_picture_and_export_files_are_deleted(
    ana, close, export_of, settings, tmp_path, now, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path / "media"
    for size in (40, 80, 256):
        default_storage.save(f"avatars/abc-{size}.webp", ContentFile(b"a picture"))
    Page.objects.filter(user=ana, is_primary=True).update(avatar="avatars/abc")
    path = files.path_of(export_of(ana).file)
    until = close(ana)
    operations.remind_closed(at=now + timedelta(days=23))

    with django_capture_on_commit_callbacks(execute=True):
        operations.erase_due(clock=lambda: until)

    assert not path.exists()
    assert not DataExport.objects.filter(user=ana).exists()
    assert default_storage.listdir("avatars")[1] == []


def test_what_others_were_told_names_the_member_no_more(alice, bob, mallory, erase, now, monkeypatch):
    greeting = kinds.Kind(name="greeting", label="", icon="", words=lambda told: (f"{told.who()} greeted you", ""))
    monkeypatch.setitem(kinds._kinds, "greeting", greeting)
    for seconds, actor in enumerate((alice, mallory)):
        owe_notice(user_id=bob.pk, kind="greeting", actor=actor.primary_page, at=now + timedelta(seconds=seconds))
    gather(at=now + timedelta(seconds=2))
    assert Notification.objects.get(type="greeting").title == "Mallory and Alice greeted you"
    erase(alice)

    told = Notification.objects.get(type="greeting")
    assert told.title == "Mallory and a former member greeted you"
    assert told.data["count"] == 2
    assert "Alice" not in str(told.data)
    assert str(alice.primary_page.pk) not in str(told.data)


# -- What the audit keeps ---------------------------------------------------------------------------------------------


def test_the_audit_keeps_that_names_went_and_not_which(ana, close, now):
    until = close(ana)
    operations.remind_closed(at=now + timedelta(days=23))
    before = set(AuditLog.objects.values_list("pk", flat=True))
    operations.erase_due(clock=lambda: until)

    rows = AuditLog.objects.exclude(pk__in=before)
    assert rows.filter(action="erase", entity_id=str(ana.pk)).exists()
    renamed = rows.filter(entity_type="accounts_page", action="UPDATE").first()
    assert renamed is not None
    assert renamed.old_values["username"] == "(kept secret)"
    assert renamed.new_values["username"].startswith("deleted_")
    said = str(list(rows.values_list("old_values", "new_values"))).lower()
    assert not [trace for trace in ("ana", "quito", NUMBER[-4:], "0xaaaa", "example") if trace in said]


def test_other_changes_are_kept_with_what_was_before(ana):
    Page.objects.filter(user=ana, is_primary=True).update(bio="Gone fishing")

    assert AuditLog.objects.filter(entity_type="accounts_page", old_values__bio="Ana from Quito").exists()
