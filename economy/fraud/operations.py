"""Writes of signals: raised by a job, settled by staff."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from accounts.members.models import User
from config.lib.refusals import NotAllowed, NotThere, Refused
from config.lib.runtime import figures
from economy.fraud.looks import Look, looks
from economy.fraud.models import EconomySignal, SignalMember


class OwnSignal(Refused):
    """Whoever a signal is about leaves it to somebody else."""

    slug = "own-signal"
    title = _("That is about you")
    sentence = _("This signal is about you. Somebody else of the staff has to look at it.")


# What is seen becomes a signal, or is added to the one that is open. A matter that staff have closed stays quiet for
# some days, so that what they have looked at is not before them again an hour later; one about an address stays quiet
# for as long as nobody new is behind it.
_RAISE = """
    WITH found (key, members, score, facts) AS ({look}),
    fresh AS (
      SELECT f.* FROM found f
        WHERE NOT EXISTS (
          SELECT FROM economy_economysignal s
            WHERE s.kind = %(kind)s AND s.key = f.key AND s.status <> 'OPEN'
              AND (s.settled_at > %(quiet_since)s OR (s.kind = 'ADDRESS' AND NOT EXISTS (
                SELECT FROM unnest(f.members) AS m(id) WHERE NOT EXISTS (
                  SELECT FROM economy_signalmember k WHERE k.signal_id = s.id AND k.user_id = m.id)))))
    ),
    written AS (
      INSERT INTO economy_economysignal (id, created_at, kind, key, score, facts, first_seen_at, last_seen_at,
          times_seen, status, reason)
        SELECT civitas_uuid7(%(seen)s), %(seen)s, %(kind)s, key, score, facts, %(seen)s, %(seen)s, 1, 'OPEN', ''
          FROM fresh
      ON CONFLICT (kind, key) WHERE status = 'OPEN' DO UPDATE
        SET score = EXCLUDED.score, facts = EXCLUDED.facts,
            last_seen_at = greatest(economy_economysignal.last_seen_at, EXCLUDED.last_seen_at),
            times_seen = economy_economysignal.times_seen + 1
      RETURNING id, key, times_seen
    ),
    involved AS (
      INSERT INTO economy_signalmember (id, created_at, signal_id, user_id)
        SELECT civitas_uuid7(%(seen)s), %(seen)s, w.id, m.id
          FROM written w JOIN fresh f ON f.key = w.key CROSS JOIN LATERAL unnest(f.members) AS m(id)
      ON CONFLICT (signal_id, user_id) DO NOTHING
    )
    SELECT count(*) FILTER (WHERE times_seen = 1) FROM written
"""


def look_for_signals(*, at: datetime) -> int:
    """Look for every kind of signal; how many are new. Safe to repeat and to race: one matter is one open signal."""
    return sum(_raise(look, at) for look in looks(at))


def _raise(look: Look, at: datetime) -> int:
    quiet_since = at - timedelta(days=figures().SIGNAL_QUIET_DAYS)
    with transaction.atomic(), connection.cursor() as cursor:
        # Two jobs at once take turns, or both would find what the other has not committed.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('economy.signals', 0))")
        cursor.execute(
            sql.SQL(_RAISE).format(look=look.statement),
            {**look.parameters, "kind": str(look.kind), "seen": at, "quiet_since": quiet_since},
        )
        return cursor.fetchone()[0]


def settle(*, staff: User, signal: EconomySignal, reason: str, at: datetime) -> None:
    """Close a signal that something was to: what was found and done is the reason. Withdrawals go on.

    May refuse with NotAllowed (not staff, or no reason), OwnSignal, NotThere (closed already).
    """
    _close(staff, signal, reason, at, to=EconomySignal.Status.SETTLED)


def dismiss(*, staff: User, signal: EconomySignal, reason: str, at: datetime) -> None:
    """Close a signal that there was nothing to. Refuses as `settle` does."""
    _close(staff, signal, reason, at, to=EconomySignal.Status.DISMISSED)


def _close(staff: User, signal: EconomySignal, reason: str, at: datetime, *, to: EconomySignal.Status) -> None:
    if not staff.is_staff or not reason.strip():
        raise NotAllowed()
    if SignalMember.objects.filter(signal=signal, user=staff).exists():
        raise OwnSignal()
    # Two of the staff may close it at once: whoever changes the row first has closed it.
    there = EconomySignal.objects.filter(pk=signal.pk, status=EconomySignal.Status.OPEN)
    if not there.update(status=to, settled_by=staff, settled_at=at, reason=reason.strip()[:300]):
        raise NotThere()
