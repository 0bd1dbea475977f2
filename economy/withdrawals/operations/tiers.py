"""Renewing loyalty tiers."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from accounts.notifications.operations import nudge_after_commit
from config.lib.refusals import spoken_by_database
from config.lib.runtime import figures
from economy.withdrawals import rules

CHUNK = 5_000


def renew_tiers(*, at: datetime, chunk: int = CHUNK) -> int:
    """Write every member's tier and fee as days of activity and settings have them now; how many changed.

    Who gets another tier is owed a notice. Chunks commit one by one. Safe to run twice, at once, and to kill: what is
    right already is not written again.
    """
    tiers = rules.tiers_of(figures())
    names, days, fees = [t.name for t in tiers], [t.days for t in tiers], [t.fee for t in tiers]
    after: UUID | None = UUID(int=0)
    changed = 0
    while after is not None:
        with spoken_by_database(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT upto, changed FROM economy_renew_tiers(%s::timestamptz, %s::uuid, %s::integer, %s::text[],"
                " %s::integer[], %s::numeric[])",
                [at, after, chunk, names, days, fees],
            )
            after, some = cursor.fetchone()
        changed += some
    if changed:
        nudge_after_commit()
    return changed
