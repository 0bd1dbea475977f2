"""What is left of a member whose thirty days are over."""

from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from accounts.audit.models import AuditLog
from accounts.badges.models import UserActivity
from accounts.departures import files, forgetting, operations, queries
from accounts.departures.models import DataExport, Departure, ReleasedNumber
from accounts.invitations.models import Application, Invitation
from accounts.members.models import Block, FormerName, Mute, MutedWord, Page, Profile, User
from accounts.members.operations import BadUsername
from accounts.members.operations import join as join_member
from accounts.notifications import kinds
from accounts.notifications.models import Notification, OutgoingMessage
from accounts.notifications.operations import gather, owe_notice
from accounts.signin.models import EmailProof, PhoneVerification, RecoveryCode, TokenFamily
from accounts.wallets.models import WalletAddress

pytestmark = pytest.mark.django_db
NUMBER = "+491705550001"


@pytest.fixture
def ana(join, bob, now):
    """A member who has left traces wherever one can."""
    ana = join("ana", phone_number=NUMBER, email="ana@example.org", email_verified=True, first_name="Ana")
    ana.last_name, ana.two_factor_secret, ana.status_reason = "Alvarez", "SECRETSECRET", ""
    ana.set_password("correct horse battery")
    ana.save()
    soon = now + timedelta(days=1)
    Profile.objects.filter(user=ana).update(location="Quito", website="https://ana.example", interests=["tea"])
    Page.objects.filter(user=ana).update(bio="Ana from Quito", display_name="Ana A.")
    Page.objects.create(user=ana, username="ana_too", display_name="Ana Two", is_primary=False)
    page = ana.primary_page
    FormerName.objects.create(page=page, username="ana_before", kept_until=soon)
    Block.objects.create(user=ana, blocked=bob, page=bob.primary_page)
    Block.objects.create(user=bob, blocked=ana, page=page)
    Mute.objects.create(user=bob, page=page)
    MutedWord.objects.create(user=ana, word="rain")
    TokenFamily.objects.create(user=ana, current_jti="j", last_used_at=now, expires_at=soon, ip_address="203.0.113.9")
    RecoveryCode.objects.create(user=ana, code_hash="h")
    EmailProof.objects.create(user=ana, email="ana@example.org", secret_hash="s", expires_at=soon)
    PhoneVerification.objects.create(phone_number=NUMBER, code_hash="h", expires_at=soon)
    Notification.objects.create(user=ana, type="tip", title="Bob tipped you", happened_at=now)
    OutgoingMessage.objects.create(
        channel="SMS", recipient=NUMBER, body="your code", next_attempt_at=now, give_up_at=soon
    )
    WalletAddress.objects.create(user=ana, address="0x" + "a" * 40, network="base")
    Invitation.objects.create(inviter=ana, code="c" * 16, note="for my sister", expires_at=soon)
    Application.objects.create(phone_number=NUMBER, words="I am Ana")
    UserActivity.objects.create(user=ana, day=now.date())
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(
        user=bob, content_type=kind, object_id=str(ana.pk), object_repr="@ana", action_flag=CHANGE, change_message=""
    )
    return ana


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

    assert again.wallet.balance == Decimal("0.00")


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


# -- When -----------------------------------------------------------------------------------------------------------


def test_nothing_is_erased_before_the_thirty_days_are_over(ana, close):
    until = close(ana)
    operations.remind_closed(at=until - timedelta(days=7))

    assert operations.erase_due(clock=lambda: until - timedelta(seconds=1)) == 0
    ana.refresh_from_db()
    assert str(ana.phone_number) == NUMBER
    assert operations.erase_due(clock=lambda: until) == 1


def test_the_member_is_told_once_a_week_before(ana, close, now):
    close(ana)
    OutgoingMessage.objects.all().delete()

    assert operations.remind_closed(at=now + timedelta(days=22, hours=23)) == 0
    assert operations.remind_closed(at=now + timedelta(days=23)) == 1
    assert operations.remind_closed(at=now + timedelta(days=24)) == 0
    message = OutgoingMessage.objects.get()
    assert message.recipient == "ana@example.org"
    assert "the coins left in it go to the treasury" in message.body


def test_nobody_is_erased_without_having_been_told_in_time(ana, close, now):
    until = close(ana)

    # The jobs stood still for six weeks.
    late = until + timedelta(days=12)
    assert operations.erase_due(clock=lambda: late) == 0
    operations.remind_closed(at=late)
    assert operations.erase_due(clock=lambda: late) == 0
    assert operations.come_back(member=ana, at=late + timedelta(days=6)).may_act


def test_a_late_word_moves_the_date_by_its_seven_days(ana, close):
    late = close(ana) + timedelta(days=12)
    operations.remind_closed(at=late)

    assert operations.erase_due(clock=lambda: late + timedelta(days=6)) == 0
    assert operations.erase_due(clock=lambda: late + timedelta(days=7)) == 1


def test_whoever_came_back_is_not_erased(ana, close, now):
    until = close(ana)
    operations.remind_closed(at=until - timedelta(days=7))
    operations.come_back(member=ana, at=until - timedelta(days=1))

    assert operations.erase_due(clock=lambda: until) == 0
    assert Page.objects.filter(user=ana, username="ana").exists()


def test_an_erased_member_is_erased_once(ana, erase, now):
    erase(ana)

    assert operations.erase_due(clock=lambda: now + timedelta(days=90)) == 0
    with pytest.raises(operations.TooLateToReturn):
        operations.come_back(member=ana, at=now + timedelta(days=31))


# -- Steps that fail, workers that die ------------------------------------------------------------------------------


def test_a_step_that_fails_leaves_the_name_until_the_next_run(ana, erase, close, now, monkeypatch):
    def fails(_leaving):
        raise OSError("not now")

    with monkeypatch.context() as patch:
        patch.setattr(forgetting, "_steps", [*forgetting.steps(), fails])
        assert erase(ana) == 0
        assert (ana.status, str(ana.phone_number)) == (User.Status.CLOSED, NUMBER)
        # What has begun is not undone by coming back: it is over.
        with pytest.raises(operations.TooLateToReturn):
            operations.come_back(member=ana, at=now + timedelta(days=29))

    assert operations.erase_due(clock=lambda: now + timedelta(days=31)) == 1
    ana.refresh_from_db()
    assert ana.status == User.Status.ERASED


def test_one_that_fails_does_not_keep_the_others_waiting(ana, alice, close, now, monkeypatch):
    def fails_for_ana(leaving):
        if leaving.member.pk == ana.pk:
            raise OSError("not now")
        return False

    monkeypatch.setattr(forgetting, "_steps", [fails_for_ana])
    close(ana)
    close(alice)
    operations.remind_closed(at=now + timedelta(days=23))

    assert operations.erase_due(clock=lambda: now + timedelta(days=30)) == 1


def test_a_step_is_taken_until_nothing_is_left(ana, erase, monkeypatch):
    taken = []

    def three_times(_leaving):
        taken.append(1)
        return len(taken) < 3

    monkeypatch.setattr(forgetting, "_steps", [three_times])
    assert erase(ana) == 1
    assert len(taken) == 3


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_take_each_step_once(alice, close, now, monkeypatch):
    taken = []
    monkeypatch.setattr(forgetting, "_steps", [lambda leaving: bool(taken.append(1))])
    until = close(alice)
    operations.remind_closed(at=now + timedelta(days=23))
    gate, erased = Barrier(4), []

    def work():
        try:
            gate.wait()
            erased.append(operations.erase_due(clock=lambda: until))
        finally:
            connection.close()

    run = [Thread(target=work) for _ in range(4)]
    [thread.start() for thread in run]
    [thread.join() for thread in run]

    assert sum(erased) == 1
    assert Departure.objects.get().ending == Departure.Ending.ERASED
    assert ReleasedNumber.objects.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_coming_back_at_the_last_moment_is_all_or_nothing(join, close, now):
    for round_ in range(10):
        member = join(f"member_{round_}")
        until = close(member)
        operations.remind_closed(at=now + timedelta(days=23))
        gate, back = Barrier(2), []

        def returns(member=member, until=until, gate=gate, back=back):
            try:
                gate.wait()
                back.append(operations.come_back(member=member, at=until - timedelta(milliseconds=1)))
            except operations.TooLateToReturn:
                back.append(None)
            finally:
                connection.close()

        def erases(until=until, gate=gate):
            try:
                gate.wait()
                operations.erase_due(clock=lambda: until)
            finally:
                connection.close()

        run = [Thread(target=returns), Thread(target=erases)]
        [thread.start() for thread in run]
        [thread.join() for thread in run]

        member = User.objects.get(pk=member.pk)
        if back[0] is None:
            operations.erase_due(clock=lambda until=until: until)
            member.refresh_from_db()
            assert (member.status, member.phone_number) == (User.Status.ERASED, None)
        else:
            assert member.status == User.Status.ACTIVE
            assert member.phone_number is not None
            assert member.primary_page.username == f"member_{round_}"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_the_last_two_admins_one_stays(join, close):
    admins = [join("admin_one", role="ADMIN"), join("admin_two", role="ADMIN")]
    gate, refused = Barrier(2), []

    def leaves(admin):
        try:
            gate.wait()
            close(admin)
        except operations.LastAdmin:
            refused.append(admin)
        finally:
            connection.close()

    run = [Thread(target=leaves, args=[admin]) for admin in admins]
    [thread.start() for thread in run]
    [thread.join() for thread in run]

    assert len(refused) == 1
    assert User.objects.filter(role="ADMIN", status="ACTIVE").count() == 1


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
