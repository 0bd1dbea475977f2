"""Writes of the audit: acts that no trigger sees, what staff did and why, and letting go of old months."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from accounts.audit.acting import acting, facts
from accounts.audit.models import AdminAction, AuditLog
from accounts.members.models import User
from config.lib.ids import uuid7_at
from config.lib.partitions import drop_months
from config.lib.runtime import figures

_LONGEST = 300


def note(
    *,
    action: str,
    entity_type: str,
    at: datetime,
    entity_id: Any = "",
    account: User | None = None,
    new_values: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Keep an act that is no change of a watched table: a sign-in, a failed one, an export.

    Who acted is `account`, or else whoever the request speaks for; address and program come from the request.
    """
    known = facts()
    AuditLog.objects.create(
        id=uuid7_at(at),
        created_at=at,
        action=action,
        entity_type=entity_type,
        entity_id=str(entity_id)[:100],
        new_values=new_values,
        account_id=account.pk if account is not None else known.get("account"),
        page_id=known.get("page"),
        ip_address=known.get("address"),
        user_agent=str(known.get("agent", ""))[:_LONGEST],
        reason=(reason or str(known.get("reason", "")))[:_LONGEST],
    )


def note_staff_action(
    *,
    staff: User,
    action: str,
    target_type: str,
    reason: str,
    at: datetime,
    target_id: Any = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Keep what someone of the staff did to what, and why."""
    known = facts()
    AdminAction.objects.create(
        id=uuid7_at(at),
        created_at=at,
        staff=staff,
        action=action,
        target_type=target_type,
        target_id=str(target_id)[:100],
        reason=reason[:_LONGEST],
        details=details or {},
        ip_address=known.get("address"),
        user_agent=str(known.get("agent", ""))[:_LONGEST],
    )


@contextmanager
def staff_measure(request: HttpRequest, row: Model, name: str, given: dict[str, Any]) -> Iterator[None]:
    """Around a measure of the admin: what it changes carries its reason, and it is kept itself, both or neither."""
    staff: Any = request.user
    reason = str(given.get("reason", "")).strip()
    details = {name: str(value) for name, value in given.items() if name != "reason" and value not in ("", None)}
    target = row.pk  # a measure may delete the row
    with transaction.atomic(), acting(account=staff.pk, reason=reason):
        yield
        if (
            "key" in details
            and AdminAction.objects.filter(
                staff=staff, target_type=row._meta.db_table, target_id=str(target), details__key=details["key"]
            ).exists()
        ):
            return  # the second press of a button, whose operation has found what the first one made
        note_staff_action(
            staff=staff,
            action=name,
            target_type=row._meta.db_table,
            target_id=target,
            reason=reason,
            details=details,
            at=timezone.now(),
        )


def drop_old_months(*, at: datetime) -> int:
    """Drop the months of audit and notifications that are older than the settings say; how many."""
    now = figures()
    return drop_months("accounts_auditlog", kept=now.AUDIT_KEPT_MONTHS, at=at) + drop_months(
        "accounts_notification", kept=now.NOTIFICATIONS_KEPT_MONTHS, at=at
    )
