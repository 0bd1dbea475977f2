"""E-mails to those who are away: at once for the kinds that they want so, else in a digest on their mornings.

What has gone into an e-mail is never sent again, and what they read meanwhile is not sent at all.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, OuterRef, Q, QuerySet

from accounts.members import preferences
from accounts.members.models import Profile, User
from accounts.notifications import hours, kinds, mail
from accounts.notifications.models import Digest, Notification
from accounts.notifications.operations.messages import Channel, owe_message
from accounts.notifications.queries import not_apart
from accounts.notifications.quiet import left_alone_until
from accounts.notifications.readable import as_readable
from config.lib.ids import first_id_at, uuid7_at

log = logging.getLogger(__name__)

# When a member was last here is noted every four minutes (accounts.badges): this is an absence of more than five.
AWAY_FOR = timedelta(minutes=10)
_URGENT_FOR = timedelta(days=2)  # after that it is news no longer; the digest has it
_TOLD_FOR = timedelta(days=31)  # what a digest looks back on at most
_ONE_ROUND = timedelta(seconds=50)
_MEMBERS = 100  # of one transaction
_PLANNED_AT_ONCE = 1000
_HEARING = (User.Status.ACTIVE, User.Status.SUSPENDED)


def send_urgent(*, clock: Callable[[], datetime]) -> int:
    """Owe the e-mails about what members want to hear of at once, for up to 50 s; how many.

    Safe to run any number of times at once: each notification goes into one e-mail. Those in their quiet hours, or
    still on the site, are looked at again next time.
    """
    total, behind = 0, UUID(int=0)
    end = clock() + _ONE_ROUND
    while (now := clock()) < end:
        members = list(_urgent_at(now).filter(user__gt=behind).order_by("user").values_list("user", flat=True)[:500])
        if not members:
            break
        batch = list(dict.fromkeys(members))[:_MEMBERS]
        total += _send_urgent_to(batch, at=now)
        behind = batch[-1]
    return total


def _urgent_at(at: datetime) -> QuerySet[Notification]:
    rows = Notification.objects.filter(
        Q(user__last_active_at=None) | Q(user__last_active_at__lt=at - AWAY_FOR),
        pk__gte=first_id_at(at - _URGENT_FOR),
        is_urgent=True,
        is_read=False,
        emailed_at=None,
        user__email__isnull=False,
        user__email_verified=True,
        user__status__in=_HEARING,
    )
    return not_apart(rows, OuterRef("user"))


@transaction.atomic
def _send_urgent_to(members: list[UUID], *, at: datetime) -> int:
    waiting: dict[UUID, dict[str, list[Notification]]] = defaultdict(lambda: defaultdict(list))
    rows = _urgent_at(at).filter(user__in=members).order_by("-id")
    for one in as_readable(rows.select_for_update(of=("self",), skip_locked=True, no_key=True)):
        waiting[one.user_id][one.type].append(one)
    sent = 0
    for member in _with_preferences(waiting):
        chosen = preferences.complete(member.profile.preferences)
        if left_alone_until(chosen, at=at) is not None:
            continue
        for name, found in waiting[member.pk].items():
            ids = [one.pk for one in found]
            kind = kinds.kind_of(name)
            if kind is None or kinds.email_of(kind, chosen) != "now":
                # They have changed their mind since; the digest may still have it.
                Notification.objects.filter(pk__in=ids).update(is_urgent=False)
                continue
            _send(member, mail.at_once(member, found, total=len(found), chosen=chosen), ids, at=at)
            sent += 1
    return sent


def plan_digests(*, at: datetime) -> int:
    """See to it that everyone who wants a digest has a row that says when, by what they prefer now; how many changed.

    Those who want none (any more) have none. Safe to run any number of times at once.
    """
    with connection.cursor() as cursor:
        cursor.execute(_UNWANTED)
        changed = int(cursor.rowcount)
    behind = UUID(int=0)
    while planned := _plan_some(behind, at=at):
        changed += len(planned)
        behind = planned[-1]
    return changed


def _plan_some(behind: UUID, *, at: datetime) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_UNPLANNED, [behind, _PLANNED_AT_ONCE])
        found = dict(cursor.fetchall())
    rows = []
    for user_id, stored in Profile.objects.filter(user__in=found).values_list("user_id", "preferences"):
        due = _next_due(preferences.complete(stored), after=at)
        rows.append(
            Digest(id=uuid7_at(at), created_at=at, updated_at=at, user_id=user_id, next_at=due, plan=found[user_id])
        )
    Digest.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=["user"], update_fields=["next_at", "plan"]
    )
    return list(found)


def plan_of(chosen: Mapping[str, Any]) -> str:
    """The preferences by which a digest's time is reckoned. SQL says the same (_UNPLANNED)."""
    return f"{chosen['digest']} {chosen['time_zone']} {chosen['quiet_from']}-{chosen['quiet_to']}"


# What someone has not chosen is as `preferences.DEFAULTS` says; a test holds the two together.
_UNWANTED = """
    DELETE FROM accounts_digest d WHERE NOT EXISTS (
      SELECT 1 FROM accounts_user u JOIN accounts_profile p ON p.user_id = u.id
      WHERE u.id = d.user_id AND u.email_verified AND u.email IS NOT NULL AND u.status IN ('ACTIVE', 'SUSPENDED')
        AND coalesce(p.preferences->>'email_notices', 'true') = 'true'
        AND coalesce(p.preferences->>'digest', 'daily') <> 'off'
    )
"""
_UNPLANNED = """
    WITH wanted AS (
      SELECT u.id, concat(coalesce(p.preferences->>'digest', 'daily'), ' ',
                          coalesce(p.preferences->>'time_zone', 'UTC'), ' ',
                          p.preferences->>'quiet_from', '-', p.preferences->>'quiet_to') AS plan
      FROM accounts_user u JOIN accounts_profile p ON p.user_id = u.id
      WHERE u.email_verified AND u.email IS NOT NULL AND u.status IN ('ACTIVE', 'SUSPENDED')
        AND coalesce(p.preferences->>'email_notices', 'true') = 'true'
        AND coalesce(p.preferences->>'digest', 'daily') <> 'off'
    )
    SELECT w.id, w.plan FROM wanted w
    WHERE w.id > %s AND NOT EXISTS (SELECT 1 FROM accounts_digest d WHERE d.user_id = w.id AND d.plan = w.plan)
    ORDER BY w.id LIMIT %s
"""


def _next_due(chosen: Mapping[str, Any], *, after: datetime) -> datetime:
    """Their next morning, or the end of the quiet hours that it lies in."""
    zone = hours.zone_named(chosen["time_zone"])
    morning = hours.next_morning(after, zone=zone, weekly=chosen["digest"] == "weekly")
    return left_alone_until(chosen, at=morning) or morning


def send_digests(*, clock: Callable[[], datetime]) -> int:
    """Owe the digests that are due, for up to 50 s; how many. Safe to run any number of times at once."""
    total = 0
    end = clock() + _ONE_ROUND
    while (now := clock()) < end:
        looked_at, sent = _send_some_digests(at=now)
        total += sent
        if not looked_at:
            break
    return total


@transaction.atomic
def _send_some_digests(*, at: datetime) -> tuple[int, int]:
    due = {
        one.user_id: one
        for one in Digest.objects.filter(next_at__lte=at)
        .select_for_update(skip_locked=True, no_key=True)
        .order_by("next_at")[:_MEMBERS]
    }
    sent = 0
    something = set(_unseen(at).filter(user__in=due).values_list("user", flat=True).distinct()) if due else set()
    for member in _with_preferences(due):
        chosen = preferences.complete(member.profile.preferences)
        row = due[member.pk]
        quiet = left_alone_until(chosen, at=at)
        if quiet is not None and plan_of(chosen) == row.plan:
            row.next_at = quiet  # the job came late, and now they sleep
            continue
        # Whoever has changed the rhythm meanwhile gets what is due under the new one.
        if plan_of(chosen) == row.plan and member.pk in something and _send_digest(member, chosen, at=at):
            row.last_sent_at = at
            sent += 1
        row.next_at, row.plan = _next_due(chosen, after=at), plan_of(chosen)
    Digest.objects.bulk_update(due.values(), ["next_at", "plan", "last_sent_at"])
    return len(due), sent


def _unseen(at: datetime) -> QuerySet[Notification]:
    """What happened to members while they were away and is unread, in no e-mail yet, and not older than a month."""
    rows = Notification.objects.filter(
        Q(user__last_active_at=None) | Q(happened_at__gt=F("user__last_active_at")),
        pk__gte=first_id_at(at - _TOLD_FOR),
        is_read=False,
        emailed_at=None,
        user__email__isnull=False,
        user__email_verified=True,
        user__status__in=_HEARING,
    )
    return not_apart(rows, OuterRef("user"))


def _send_digest(member: User, chosen: Mapping[str, Any], *, at: datetime) -> bool:
    if chosen["digest"] == "off":
        return False
    wanted = [kind.name for kind in kinds.registered() if kinds.email_of(kind, chosen) != "off"]
    # Locked, because the same may be on its way at once; what is locked goes there.
    rows = _unseen(at).filter(user=member, type__in=wanted).order_by("-happened_at", "-id")
    ids = list(rows.select_for_update(of=("self",), skip_locked=True, no_key=True).values_list("pk", flat=True))
    if not ids:
        return False
    found = as_readable(Notification.objects.filter(pk__in=ids[: mail.SHOWN]).order_by("-happened_at", "-id"))
    _send(member, mail.digest(member, found, total=len(ids), chosen=chosen), ids, at=at)
    return True


def _send(member: User, letter: mail.Letter, ids: list[UUID], *, at: datetime) -> None:
    owe_message(
        channel=Channel.EMAIL,
        recipient=str(member.email),
        subject=letter.subject,
        body=letter.body,
        html=letter.html,
        headers=letter.headers,
        at=at,
    )
    Notification.objects.filter(pk__in=ids).update(emailed_at=at)


def _with_preferences(members: Iterable[UUID]) -> list[User]:
    """Members with their profiles and first pages, in order."""
    found = User.objects.filter(pk__in=list(members)).select_related("profile").prefetch_related("pages").order_by("pk")
    for member in found:
        member._primary_page = next(page for page in member.pages.all() if page.is_primary)
    return list(found)
