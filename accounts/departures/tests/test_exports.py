"""Copies of one's own data."""

import json
from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Thread
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from accounts.departures import files, operations, parts, queries, rules
from accounts.departures.models import DataExport
from accounts.departures.tests.conftest import contents
from accounts.members.models import Block, MutedWord, Page, User
from accounts.notifications.models import Notification
from accounts.notifications.operations import gather
from accounts.signin.models import TokenFamily
from config.lib.refusals import NotAllowed, NotThere

pytestmark = pytest.mark.django_db
Status = DataExport.Status


def test_an_export_holds_the_members_account_page_and_wallet(alice, export_of):
    found = contents(export_of(alice))

    assert found["account"][0]["phone_number"] == str(alice.phone_number)
    assert [page["username"] for page in found["pages"]] == ["alice"]
    assert found["wallet"][0]["balance"] == "100.00"
    assert [line["kind"] for line in found["statement"]] == ["SIGNUP_GRANT"]
    assert {"profile", "sessions", "notifications", "badges", "activity", "addresses", "invitations", "acts"} <= set(
        found
    )
    assert {"taxes", "stipends", "posts", "comments", "tips-given", "tips-received", "follows"} <= set(found)


def test_the_readme_names_every_part(alice, export_of):
    found = contents(export_of(alice))
    readme = found.pop("README.txt").decode()

    assert all(f"{name}.json" in readme for name in found if not name.startswith("media/"))


def test_nothing_of_anybody_else_is_in_it(alice, bob, export_of, now):
    User.objects.filter(pk=bob.pk).update(email="bob@secret.example", first_name="Robert")
    Block.objects.create(user=alice, blocked=bob, page=bob.primary_page)
    MutedWord.objects.create(user=bob, word="aubergine")
    Notification.objects.create(user=bob, type="tip", title="For Bob alone", happened_at=now)
    TokenFamily.objects.create(user=bob, current_jti="j", last_used_at=now, expires_at=now, ip_address="203.0.113.7")

    export = export_of(alice)
    with ZipFile(files.path_of(export.file)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()

    for theirs in (
        str(bob.phone_number),
        "secret.example",
        "Robert",
        "aubergine",
        "For Bob",
        "203.0.113.7",
        str(bob.pk),
    ):
        assert theirs not in everything
    # The page that she keeps away, by the name that everybody sees.
    assert [row["username"] for row in contents(export)["boundaries"]] == ["bob"]


def test_pictures_of_ones_own_are_in_it(alice, export_of, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    default_storage.save("avatars/abc-256.webp", ContentFile(b"a picture"))
    Page.objects.filter(user=alice).update(avatar="avatars/abc")

    assert contents(export_of(alice))["media/alice.webp"] == b"a picture"


def test_a_picture_that_is_gone_does_not_stop_the_export(alice, export_of):
    Page.objects.filter(user=alice).update(avatar="avatars/gone")

    export = export_of(alice)
    assert export.status == Status.READY
    assert "media/alice.webp" not in contents(export)


def test_rows_are_written_as_they_come_and_never_all_held(alice, export_of, monkeypatch):
    alive = most = 0

    class Held(dict):
        def __init__(self, number):
            nonlocal alive, most
            super().__init__(number=number)
            alive += 1
            most = max(most, alive)

        def __del__(self):
            nonlocal alive
            alive -= 1

    monkeypatch.setattr(parts, "parts", lambda: [parts.Part("many", "", lambda _m: (Held(n) for n in range(5000)))])

    assert len(contents(export_of(alice))["many"]) == 5000
    assert most < 5


def test_words_of_every_kind_survive(alice, export_of):
    name = 'Zoë \u202fمريم 🦊 "quoted" \\ \n'
    User.objects.filter(pk=alice.pk).update(first_name=name)

    assert contents(export_of(alice))["account"][0]["first_name"] == name


def test_its_member_is_told(alice, bob, export_of, now):
    export = export_of(alice)
    gather(at=now)

    told = Notification.objects.get(type="export")
    assert (told.user, told.reference_id) == (alice, export.pk)
    assert told.title == "The copy of your data is ready"


def test_a_second_click_finds_the_export_of_the_first(alice, now):
    first = operations.ask_for_export(member=alice, at=now)

    assert operations.ask_for_export(member=alice, at=now) == first


def test_one_export_a_day(alice, bob, export_of, now):
    export_of(alice)

    with pytest.raises(operations.TooManyExports) as refused:
        operations.ask_for_export(member=alice, at=now + timedelta(hours=23))
    assert refused.value.retry_after == 3600
    operations.ask_for_export(member=bob, at=now)
    operations.ask_for_export(member=alice, at=now + timedelta(hours=24))


def test_a_failed_export_does_not_use_up_the_day(alice, now):
    export = operations.ask_for_export(member=alice, at=now)
    DataExport.objects.filter(pk=export.pk).update(status=Status.FAILED)

    assert operations.ask_for_export(member=alice, at=now) != export


def test_a_banned_member_gets_none(mallory, now):
    User.objects.filter(pk=mallory.pk).update(status=User.Status.BANNED)

    with pytest.raises(NotAllowed):
        operations.ask_for_export(member=mallory, at=now)


def test_only_its_owner_fetches_it_and_only_for_seven_days(alice, mallory, export_of, now):
    export = export_of(alice)

    assert queries.export_to_fetch(alice, export.pk, at=now + timedelta(days=6)) == export
    for who, when in ((mallory, now), (alice, now + timedelta(days=7))):
        with pytest.raises(NotThere):
            queries.export_to_fetch(who, export.pk, at=when)


def test_files_lie_where_no_server_serves_them_and_nobody_else_reads_them(alice, export_of, private_folder, settings):
    path = files.path_of(export_of(alice).file)

    assert path.is_relative_to(private_folder)
    assert path.stat().st_mode & 0o077 == 0
    assert not path.is_relative_to(settings.MEDIA_ROOT)
    assert not path.is_relative_to(settings.STATIC_ROOT)


@pytest.mark.parametrize("name", ["../x.zip", "/etc/passwd", "a/b.zip", "x.txt", ""])
def test_only_names_of_exports_are_names(name):
    with pytest.raises(ValueError, match="names no export"):
        files.path_of(name)


def test_after_seven_days_the_file_is_deleted(alice, export_of, now):
    export = export_of(alice)
    path = files.path_of(export.file)

    assert operations.forget_exports(at=now + timedelta(days=6)) == 0
    assert path.exists()
    assert operations.forget_exports(at=now + timedelta(days=7)) == 1
    export.refresh_from_db()
    assert (export.status, export.file) == (Status.GONE, "")
    assert not path.exists()


def test_what_a_dead_worker_left_is_deleted_a_day_later(now):
    left = files.unfinished("left-1.zip")
    left.write_bytes(b"half")

    operations.forget_exports(at=timezone.now())
    assert left.exists()
    operations.forget_exports(at=timezone.now() + timedelta(days=2))
    assert not left.exists()


# -- Workers that fail or die ---------------------------------------------------------------------------------------


def test_an_export_that_fails_is_tried_again_later_and_given_up_after_five_times(alice, now, monkeypatch):
    def broken(_member):
        yield {"first": 1}
        raise OSError("the disk is full")

    monkeypatch.setattr(parts, "parts", lambda: [parts.Part("broken", "", broken)])
    export = operations.ask_for_export(member=alice, at=now)
    moment = now

    for attempt in range(1, rules.MOST_ATTEMPTS + 1):
        assert operations.make_due_exports(clock=lambda moment=moment: moment) == 0
        export.refresh_from_db()
        assert (export.attempts, export.status) == (attempt, Status.WAITING)
        assert export.next_attempt_at == moment + timedelta(minutes=2 ** (attempt - 1))
        assert list(files.folder().iterdir()) == []
        moment = export.next_attempt_at

    assert operations.make_due_exports(clock=lambda: moment) == 0
    export.refresh_from_db()
    assert export.status == Status.FAILED


def test_an_export_whose_worker_was_killed_is_begun_anew(alice, now, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(_member):
        yield {}
        raise Killed

    export = operations.ask_for_export(member=alice, at=now)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(parts, "parts", lambda: [parts.Part("killed", "", killed)])
        operations.make_due_exports(clock=lambda: now)

    assert operations.make_due_exports(clock=lambda: now + timedelta(seconds=119)) == 0
    assert operations.make_due_exports(clock=lambda: now + timedelta(seconds=120)) == 1
    export.refresh_from_db()
    assert (export.status, export.attempts) == (Status.READY, 2)
    assert contents(export)["account"]


def test_a_worker_that_was_given_up_for_dead_leaves_its_successors_file_alone(alice, now, monkeypatch):
    export = operations.ask_for_export(member=alice, at=now)
    genuine = parts.parts()

    def slow(_member):
        yield {}
        # While this one sleeps, another one makes the export.
        with monkeypatch.context() as patch:
            patch.setattr(parts, "parts", lambda: genuine)
            assert operations.make_due_exports(clock=lambda: now + timedelta(minutes=3)) == 1

    monkeypatch.setattr(parts, "parts", lambda: [parts.Part("slow", "", slow)])
    assert operations.make_due_exports(clock=lambda: now) == 0
    export.refresh_from_db()
    assert export.attempts == 2
    assert [path.name for path in files.folder().iterdir()] == [export.file]
    assert contents(export)["account"]


def test_progress_is_told_while_it_is_made(alice, now, monkeypatch):
    seen = []
    look = lambda member: [seen.append(DataExport.objects.get(user=member)) or {}]  # noqa: E731
    monkeypatch.setattr(parts, "parts", lambda: [parts.Part(name, "", look) for name in ("one", "two", "three")])
    operations.ask_for_export(member=alice, at=now)
    operations.make_due_exports(clock=lambda: now)

    assert [(export.parts_done, export.parts_count) for export in seen] == [(0, 4), (1, 4), (2, 4)]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_makes_it(alice, now):
    export = operations.ask_for_export(member=alice, at=now)
    gate, made = Barrier(6), []

    def work():
        try:
            gate.wait()
            made.append(operations.make_due_exports(clock=lambda: now))
        finally:
            connection.close()

    run = [Thread(target=work) for _ in range(6)]
    [thread.start() for thread in run]
    [thread.join() for thread in run]

    export.refresh_from_db()
    assert sorted(made) == [0, 0, 0, 0, 0, 1]
    assert export.attempts == 1
    assert len(list(files.folder().iterdir())) == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_clicks_at_once_ask_for_one_export(alice, now):
    gate, asked = Barrier(6), []

    def work():
        try:
            gate.wait()
            asked.append(operations.ask_for_export(member=alice, at=now).pk)
        finally:
            connection.close()

    run = [Thread(target=work) for _ in range(6)]
    [thread.start() for thread in run]
    [thread.join() for thread in run]

    assert len(asked) == 6
    assert len(set(asked)) == DataExport.objects.count() == 1


def test_amounts_are_exact(alice, export_of):
    assert Decimal(contents(export_of(alice))["statement"][0]["amount"]) == Decimal("100.00")


def test_each_file_is_json_with_one_row_per_line(alice, export_of):
    with ZipFile(files.path_of(export_of(alice).file)) as archive:
        lines = archive.read("account.json").decode().splitlines()
    assert (lines[0], lines[-1]) == ("[", "]")
    assert json.loads(lines[1])["id"] == str(alice.pk)
