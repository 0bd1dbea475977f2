"""Exports: asked for by a member, made by a job, fetched for some days, then deleted."""

import logging
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from celery import current_app
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit.operations import note
from accounts.departures import files, parts, rules
from accounts.departures.models import DataExport
from accounts.members.models import User
from accounts.notifications.operations import owe_notice
from config.lib.refusals import NotAllowed, TooMany
from config.lib.runtime import figures

log = logging.getLogger(__name__)

Status = DataExport.Status
DAY = timedelta(days=1)
_KEPT_FOR = timedelta(days=90)
_BEAT = 5.0  # seconds between two signs of life


class TooManyExports(TooMany):
    """EXPORTS_PER_DAY."""

    slug = "too-many-exports"
    title = _("Made already")
    sentence = _("You have had a copy of your data made lately. You can ask for another one in %(wait)s.")


class _TakenOver(Exception):
    """Another worker has begun the export anew: this one was given up for dead."""


def ask_for_export(*, member: User, at: datetime) -> DataExport:
    """Have a copy of one's data made; a row that a job works off. While one is being made, that is the one.

    A suspended member may, too. Failed ones do not count. May refuse with NotAllowed, TooManyExports.
    """
    with transaction.atomic():
        # Two clicks pass one after the other; the second one finds the export of the first.
        present = User.objects.select_for_update(no_key=True).get(pk=member.pk)
        if not present.is_active:
            raise NotAllowed()
        mine = DataExport.objects.filter(user=present)
        waiting = mine.filter(status=Status.WAITING).first()
        if waiting is not None:
            return waiting
        most = figures().EXPORTS_PER_DAY
        lately = mine.filter(created_at__gt=at - DAY).exclude(status=Status.FAILED).order_by("-created_at")
        moments = list(lately.values_list("created_at", flat=True)[:most])
        if len(moments) >= most:
            free_at = (moments[-1] if moments else at) + DAY
            raise TooManyExports(retry_after=ceil((free_at - at).total_seconds()))
        export = DataExport.objects.create(user=present, next_attempt_at=at, created_at=at, updated_at=at)
        note(action="export", entity_type="account", entity_id=present.pk, account=present, at=at)
        transaction.on_commit(_tell_the_worker, robust=True)
    return export


def _tell_the_worker() -> None:
    # A broker that is away costs half a minute: beat collects the row.
    try:
        current_app.send_task("accounts.tasks.make_exports", retry=False, expires=60)
    except Exception as error:  # kombu, redis and the socket each have their own
        log.warning("the broker is away, beat will collect the export: %s", type(error).__name__)


def make_due_exports(*, clock: Callable[[], datetime]) -> int:
    """Make the exports that are due, one after the other; how many were made.

    Safe to run any number of times at once. A worker that dies leaves a row that is due again two minutes later.
    """
    made = 0
    while (export := _claim(at=clock())) is not None:
        made += _make(export, clock=clock)
    return made


@transaction.atomic
def _claim(*, at: datetime) -> DataExport | None:
    due = DataExport.objects.filter(status=Status.WAITING, next_attempt_at__lte=at)
    worn = due.filter(attempts__gte=rules.MOST_ATTEMPTS).select_for_update(skip_locked=True, no_key=True)
    DataExport.objects.filter(pk__in=worn.values("pk")).update(status=Status.FAILED)
    export = (
        due.filter(attempts__lt=rules.MOST_ATTEMPTS)
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
        .select_related("user")
        .order_by("next_attempt_at")
        .first()
    )
    if export is None:
        return None
    export.attempts += 1
    export.next_attempt_at = at + rules.LEASE
    export.parts_done, export.parts_count = 0, len(parts.parts()) + 1  # the files are the last one
    export.save(update_fields=["attempts", "next_attempt_at", "parts_done", "parts_count"])
    return export


def _make(export: DataExport, *, clock: Callable[[], datetime]) -> bool:
    """Write one export and note what came of it; whether it is there to be fetched."""
    name = rules.file_name(export.pk, export.attempts)
    pulse = _Pulse(export, clock)
    try:
        _write(export, name, pulse)
        size = files.finish(name)
        is_mine = _note_ready(export, name, size=size, at=clock())
    except _TakenOver:
        is_mine = False
    except Exception:
        log.exception("export %s could not be made (attempt %s)", export.pk, export.attempts)
        files.delete(name)
        _still_mine(export).update(next_attempt_at=clock() + rules.pause_after(export.attempts))
        return False
    if not is_mine:
        log.info("export %s was taken over by another worker", export.pk)
        files.delete(name)
    return is_mine


def _still_mine(export: DataExport) -> Any:
    """The row, as long as no successor has begun it anew."""
    return DataExport.objects.filter(pk=export.pk, status=Status.WAITING, attempts=export.attempts)


class _Pulse:
    """Signs of life of a worker: the parts done, and a lease that is renewed while rows go by."""

    def __init__(self, export: DataExport, clock: Callable[[], datetime]) -> None:
        self.export, self.clock = export, clock
        self.last = time.monotonic()

    def beat(self, **progress: int) -> None:
        """Say that the worker is alive. Raises _TakenOver when nobody believes it any more."""
        self.last = time.monotonic()
        if not _still_mine(self.export).update(next_attempt_at=self.clock() + rules.LEASE, **progress):
            raise _TakenOver

    def between(self, rows: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
        """The rows as they are, with a sign of life every few seconds."""
        for row in rows:
            if time.monotonic() - self.last > _BEAT:
                self.beat()
            yield row


def _write(export: DataExport, name: str, pulse: _Pulse) -> None:
    member = export.user
    with ZipFile(files.unfinished(name), "w", ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _readme(export))
        done = 0
        for part in parts.parts():
            with archive.open(f"{part.name}.json", "w", force_zip64=True) as file:
                _write_rows(file, pulse.between(part.rows(member)))
            done += 1
            pulse.beat(parts_done=done)
        for shown, opened in parts.files_of(member):
            try:
                source = opened()
            except FileNotFoundError:
                log.warning("a file of export %s is not there any more", export.pk)
                continue
            with source, archive.open(f"media/{shown}", "w") as file:
                while chunk := source.read(64 * 1024):
                    file.write(chunk)
        pulse.beat(parts_done=done + 1)


def _write_rows(file: Any, rows: Iterable[dict[str, Any]]) -> None:
    """A JSON array, one row per line, without ever holding more than one."""
    encoder = DjangoJSONEncoder(ensure_ascii=False)
    file.write(b"[")
    separator = "\n"
    for row in rows:
        file.write((separator + encoder.encode(row)).encode())
        separator = ",\n"
    file.write(b"\n]\n")


def _readme(export: DataExport) -> str:
    lines = [
        f"Your data at {settings.SITE_NAME}",
        "",
        f"Asked for {export.created_at:%Y-%m-%d %H:%M} UTC. Each file is a JSON array with one row per line, UTF-8.",
        "Times are UTC, amounts are coins. Pictures are in media/.",
        "",
    ]
    width = max((len(part.name) for part in parts.parts()), default=0) + 5
    lines += [f"{part.name + '.json':<{width}}  {part.says}" for part in parts.parts()]
    return "\n".join(lines) + "\n"


@transaction.atomic
def _note_ready(export: DataExport, name: str, *, size: int, at: datetime) -> bool:
    ready = _still_mine(export).update(
        status=Status.READY,
        file=name,
        size=size,
        ready_at=at,
        expires_at=at + timedelta(days=figures().EXPORT_DAYS),
    )
    if ready:
        owe_notice(user_id=export.user_id, kind="export", reference=("export", export.pk), at=at)
    return bool(ready)


def forget_exports(*, at: datetime) -> int:
    """Delete the files whose days are over, those that dead workers left, and rows of long ago. How many expired."""
    with transaction.atomic():
        over = DataExport.objects.filter(status=Status.READY, expires_at__lte=at)
        gone = list(over.select_for_update(skip_locked=True, no_key=True).values_list("pk", "file"))
        DataExport.objects.filter(pk__in=[pk for pk, _file in gone]).update(status=Status.GONE, file="", size=0)
    for _pk, name in gone:
        files.delete(name)
    named = set(DataExport.objects.filter(status=Status.READY).values_list("file", flat=True))
    for path in files.left_behind(named=named, at=at):
        path.unlink(missing_ok=True)
    DataExport.objects.filter(status__in=[Status.GONE, Status.FAILED], created_at__lt=at - _KEPT_FOR).delete()
    return len(gone)
