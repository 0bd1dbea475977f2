"""Reads of the audit."""

from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from accounts.audit.models import AdminAction, AuditLog
from accounts.members.models import Page, User

_MOST_FOUND = 50
_LENGTH_OF_ID = 36
_OF_MEMBERS = ("accounts_user", "account", "member")  # the table, and what acts call it


def kinds_of(table: str, column: str) -> list[str]:
    """The different values of an indexed column, found by one step in the index for each, not by reading the table."""
    name, what = connection.ops.quote_name(table), connection.ops.quote_name(column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH RECURSIVE kind AS (
              (SELECT {what} AS value FROM {name} ORDER BY {what} LIMIT 1)
              UNION ALL
              SELECT (SELECT {what} FROM {name} WHERE {what} > kind.value ORDER BY {what} LIMIT 1)
              FROM kind WHERE kind.value IS NOT NULL
            )
            SELECT value FROM kind WHERE value IS NOT NULL
            """  # noqa: S608 - names of ours, quoted
        )
        return [value for (value,) in cursor.fetchall()]


def about(rows: QuerySet[AuditLog], term: str) -> QuerySet[AuditLog]:
    """Those by or about a member (a username), by or about an id, or from a network address."""
    ids = _ids_of(term)
    if not ids:
        return rows.filter(ip_address=term) if _is_address(term) else rows.filter(_about_key(term))
    return rows.filter(Q(account__in=ids) | _about_key(*map(str, ids)))


def done_about(rows: QuerySet[AdminAction], term: str) -> QuerySet[AdminAction]:
    """What staff did that is by or about a member (a username) or about an id."""
    ids = _ids_of(term)
    return rows.filter(Q(staff__in=ids) | Q(target_id__in=[term, *map(str, ids)]))


def with_names(rows: Iterable[AuditLog] | Iterable[AdminAction]) -> None:
    """Give each row about a member or a page its @name as `name_of_thing`, by one query for all."""
    keys: dict[UUID, list[Any]] = {}
    for row in rows:
        kind, key = (
            (row.target_type, row.target_id) if isinstance(row, AdminAction) else (row.entity_type, row.entity_id)
        )
        if kind in (*_OF_MEMBERS, "accounts_page") and len(key) == _LENGTH_OF_ID:
            keys.setdefault(UUID(key), []).append(row)
    pages = Page.objects.filter(Q(pk__in=keys) | Q(user__in=keys, is_primary=True)) if keys else []
    for page in pages:
        for row in (*keys.get(page.pk, ()), *(keys.get(page.user_id, ()) if page.is_primary else ())):
            row.name_of_thing = f"@{page.username}"


def latest_of(member: User, *, most: int = 10) -> list[AuditLog]:
    """The last rows by a member or about their account and pages, newest first: two short looks at two indexes."""
    pages = [str(page.pk) for page in member.pages.all()]
    about_them = Q(entity_type__in=_OF_MEMBERS, entity_id=str(member.pk))
    about_them |= Q(entity_type="accounts_page", entity_id__in=pages)
    rows = AuditLog.objects.prefetch_related("account__pages").order_by("-id")
    found = {row.pk: row for part in (Q(account=member), about_them) for row in rows.filter(part)[:most]}
    last = [found[pk] for pk in sorted(found, reverse=True)[:most]]
    with_names(last)
    return last


def latest_measures_on(member: User, *, most: int = 10) -> list[AdminAction]:
    """What staff last did to a member's account, wallet or pages, newest first."""
    pages = [str(page.pk) for page in member.pages.all()]
    on_them = Q(target_type="accounts_user", target_id=str(member.pk))
    on_them |= Q(target_type="accounts_page", target_id__in=pages)
    on_them |= Q(target_type="accounts_wallet", target_id=str(member.wallet.pk))
    return list(AdminAction.objects.filter(on_them).prefetch_related("staff__pages").order_by("-id")[:most])


def _about_key(*keys: str) -> Q:
    # The index begins with the kind of thing.
    return Q(entity_type__in=kinds_of("accounts_auditlog", "entity_type"), entity_id__in=keys)


def _ids_of(term: str) -> list[UUID]:
    try:
        return [UUID(term)]
    except ValueError:
        name = term.lower().removeprefix("@")
    found: Any = Page.objects.filter(username=name).values_list("user_id", "pk")[:_MOST_FOUND]
    return [one for pair in found for one in pair]


def _is_address(term: str) -> bool:
    try:
        ip_address(term)
    except ValueError:
        return False
    return True
