"""Owing notices: a row of the caller's transaction, which a job gathers into what members read."""

import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from celery import current_app
from django.core.cache import cache
from django.db import transaction

from accounts.members.models import Page
from accounts.notifications.models import OwedNotice
from config.lib.ids import uuid7_at

log = logging.getLogger(__name__)

NUDGE_KEY = "notices-nudged"
_KEY_LASTS = 5  # seconds; beat looks as often
# For so long a process that has just nudged asks nobody, not even Redis: tips come by the hundred. Whatever it owes
# meanwhile is found by the round that follows the one it called (operations/gathering.py).
NUDGED_LATELY = 0.2
_nudged_at = 0.0


@dataclass(frozen=True)
class Owed:
    """Something a member is to hear of. `reference` names what it is about: notices about one thing are gathered."""

    user_id: UUID
    kind: str
    actor: Page | None = None
    reference: tuple[str, UUID] | None = None
    coins: Decimal | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def owe_notice(
    *,
    user_id: UUID,
    kind: str,
    at: datetime,
    actor: Page | None = None,
    reference: tuple[str, UUID] | None = None,
    coins: Decimal | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Owe a member a notice of a registered kind: a row of the caller's transaction."""
    owe_notices([Owed(user_id, kind, actor, reference, coins, data or {})], at=at)


def owe_notices(owed: Iterable[Owed], *, at: datetime) -> None:
    """Owe several notices at once: one INSERT in the caller's transaction, however many they are."""
    rows = [
        OwedNotice(
            id=uuid7_at(at),
            created_at=at,
            user_id=one.user_id,
            type=one.kind,
            actor_id=one.actor.pk if one.actor is not None else None,
            reference_type=one.reference[0] if one.reference else "",
            reference_id=one.reference[1] if one.reference else None,
            coins=one.coins,
            data=dict(one.data),
        )
        for one in owed
    ]
    if rows:
        OwedNotice.objects.bulk_create(rows, batch_size=1000)
        nudge_after_commit()


def nudge_after_commit() -> None:
    """Tell the worker after the commit that notices are owed; for those who have owed them in SQL."""
    transaction.on_commit(_nudge, robust=True)


def _nudge() -> None:
    # Many at once cost one message. A broker that is away costs nothing but a few seconds: beat gathers anyway.
    global _nudged_at
    now = time.monotonic()
    if now - _nudged_at < NUDGED_LATELY:
        return
    _nudged_at = now
    if not cache.add(NUDGE_KEY, 1, timeout=_KEY_LASTS):
        return
    call_the_worker()


def call_the_worker(*, in_seconds: float = 0, **kwargs: bool) -> None:
    """Have the worker gather, now or a little later. A broker that is away is no error."""
    try:
        current_app.send_task(
            "accounts.tasks.gather_notices", kwargs=kwargs, countdown=in_seconds, retry=False, expires=60
        )
    except Exception as error:  # kombu, redis and the socket each have their own
        log.warning("the broker is away, beat will gather the notices: %s", type(error).__name__)
