"""Reads about outgoing messages and about notifications."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Count, Exists, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.members.models import Block, User
from accounts.notifications.models import Notification, OutgoingMessage
from accounts.wallets.models import Wallet
from config.lib.refusals import NotThere


def newest_messages(*, limit: int = 100) -> list[OutgoingMessage]:
    """The last messages that went out or are about to, newest first."""
    return list(OutgoingMessage.objects.order_by("-created_at", "-id")[:limit])


NEWEST_FIRST = ("-happened_at", "-id")


def notifications_of(member: User, *, unread_only: bool = False) -> QuerySet[Notification]:
    """A member's notifications, what happened last first; show them as `readable.as_readable` has them."""
    rows = not_apart(Notification.objects.filter(user=member), member.pk)
    if unread_only:
        rows = rows.filter(is_read=False)
    return rows.order_by(*NEWEST_FIRST)


def own_notification(member: User, notification_id: UUID) -> Notification:
    """A notification of the member's own. May refuse with NotThere."""
    found = notifications_of(member).filter(pk=notification_id).first()
    if found is None:
        raise NotThere()
    return found


def unread_count(user_id: UUID) -> int:
    """How many notifications a member has not read."""
    return not_apart(Notification.objects.filter(user=user_id, is_read=False), user_id).count()


def unread_counts(user_ids: Collection[UUID]) -> dict[UUID, int]:
    """The same for several members; those who have read all are not in it."""
    unread = Notification.objects.filter(user__in=user_ids, is_read=False)
    rows = not_apart(unread, OuterRef("user")).order_by().values_list("user_id")
    return dict(rows.annotate(count=Count("pk")))


def with_unread(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Wallets or pages that also say how many notifications their `user` has not read: every page shows it."""
    theirs = Notification.objects.filter(user=OuterRef("user"), is_read=False)
    unread = not_apart(theirs, OuterRef(OuterRef("user"))).order_by().values("user")
    count = Subquery(unread.annotate(count=Count("pk")).values("count"), output_field=IntegerField())
    return rows.annotate(unread_notifications=Coalesce(count, 0))


class _TellsOfApart(Func):
    """Whether a notification tells of nobody but members with whom its reader keeps apart (a function in SQL)."""

    function = "accounts_tells_of_apart"
    output_field = BooleanField()


def not_apart(rows: QuerySet[Notification], reader: Any) -> QuerySet[Notification]:
    """Notifications without those that tell of nobody but members with whom their reader keeps apart.

    `reader` is whose they are, as a subquery of theirs has to say it: an id, or `OuterRef("user")`. For readers without
    blocks that is one look; for the others each row costs a look at those whom it names. What tells of more people
    than it names stays: they are not all known.
    """
    has_blocks = Exists(Block.objects.filter(user=reader)) | Exists(Block.objects.filter(blocked=reader))
    return rows.exclude(Q(has_blocks) & Q(_TellsOfApart("user", "data")))


def balances_of(user_ids: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    """What open pages are told of members' coins: all of them, and those that can be spent."""
    rows = Wallet.objects.filter(user__in=list(user_ids)).values_list("user_id", "balance", "locked_balance")
    return {user: {"balance": str(all_), "available": str(all_ - locked)} for user, all_, locked in rows}


def shown(row: Notification) -> dict[str, Any]:
    """What programs are told of a notification beyond its words: how often, by whom, worth what."""
    return {name: row.data.get(name) for name in ("count", "people", "coins", "who")}
