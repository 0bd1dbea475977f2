"""The admin's first page: what needs a person now. Only cheap looks: by index, or at tables that stay small."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.invitations.queries import waiting_applications
from accounts.members.models import User
from accounts.notifications.models import OutgoingMessage
from accounts.signin.models import PhoneVerification
from config.lib import cycle
from config.lib.ids import first_id_at
from config.lib.runtime import figures
from config.lib.schedules import registered
from economy.fraud.queries import open_signals
from economy.grants.queries import waiting_requests
from economy.ledger.models import FundEntry, UnbalancedTransfer
from economy.observatory.models import SystemState
from economy.withdrawals.queries import open_withdrawals
from social.feed.models import Comment, Post, UncountedTip

_MANY = 100  # counted up to here; more is "100 or more"
_SHOWN = 8


@dataclass(frozen=True)
class Matter:
    """Something that needs a person, or would: its number, whether it is urgent, and where to go."""

    title: str
    number: str
    is_urgent: bool
    says: str
    link: str = ""


def what_needs_a_person(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's DASHBOARD_CALLBACK: adds what templates/admin/index.html shows."""
    at = timezone.now()
    looks: list[Callable[[datetime], Matter]] = [
        _applications,
        _open_signals,
        _late_weeks,
        _late_jobs,
        _stray_rows,
        _waiting_books,
    ]
    if request.user.is_superuser:
        looks[:0] = [_failed_messages, _codes_sent, _waiting_grants, _withdrawals]
    matters = [look(at) for look in looks]
    today = first_id_at(at - timedelta(days=1))
    members = User.objects.filter(pk__gte=today).order_by("-pk").prefetch_related("pages")[:_SHOWN]
    posts = Post.objects.filter(pk__gte=today).select_related("page").order_by("-pk")[:_SHOWN]
    comments = Comment.objects.filter(pk__gte=today).select_related("page").order_by("-pk")[:_SHOWN]
    return context | {
        "matters": sorted(matters, key=lambda matter: not matter.is_urgent),
        "needs_someone": any(matter.is_urgent for matter in matters),
        "newest_members": members,
        "newest_posts": posts,
        "newest_comments": comments,
        "state": SystemState.objects.first(),
    }


def _failed_messages(at: datetime) -> Matter:
    failed = OutgoingMessage.objects.filter(
        status=OutgoingMessage.Status.FAILED, pk__gte=first_id_at(at - timedelta(days=1))
    )
    late = OutgoingMessage.objects.filter(
        status=OutgoingMessage.Status.WAITING, next_attempt_at__lt=at - timedelta(minutes=5)
    )
    number = len(failed.values("pk")[:_MANY]) + len(late.values("pk")[:_MANY])
    link = reverse("admin:accounts_outgoingmessage_changelist") + "?status__exact=FAILED"
    return _matter(
        _("Messages not delivered"), number, _("Given up in the last day, or waiting for over 5 minutes."), link
    )


def _applications(at: datetime) -> Matter:
    number = waiting_applications(most=_MANY)
    link = reverse("admin:accounts_application_changelist") + "?status__exact=WAITING"
    says = _("People who have proved a number and wait for an answer.")
    return _matter(_("Applications to join"), number, says, link)


def _open_signals(at: datetime) -> Matter:
    link = reverse("admin:economy_economysignal_changelist") + "?status__exact=OPEN"
    return _matter(_("Signals to look at"), open_signals(most=_MANY), _("Figures that look like a game."), link)


def _waiting_grants(at: datetime) -> Matter:
    link = reverse("admin:economy_grantrequest_changelist") + "?status__exact=WAITING"
    return _matter(
        _("Grants to agree to"), waiting_requests(most=_MANY), _("More than one admin may grant alone."), link
    )


def _withdrawals(at: datetime) -> Matter:
    link = reverse("admin:economy_withdrawalrequest_changelist") + "?status__in=PENDING,APPROVED"
    return _matter(
        _("Withdrawals"), open_withdrawals(most=_MANY), _("To be looked at, or approved and to be paid."), link
    )


def _codes_sent(at: datetime) -> Matter:
    """Nearing the day's most: either many join, or somebody earns from messages."""
    most = figures().CODES_SPEND_DAY
    sent = PhoneVerification.objects.filter(pk__gte=first_id_at(at - timedelta(days=1))).count()
    says = _("%(sent)s of at most %(most)s codes were sent in a day.") % {"sent": sent, "most": most}
    is_urgent = sent * 5 >= most * 4
    link = reverse("admin:accounts_phoneverification_changelist")
    return Matter(_("Codes sent"), str(sent), is_urgent, says, link)


def _late_weeks(at: datetime) -> Matter:
    # The jobs have the first hours of Monday for it.
    due = cycle.due_periods(at - timedelta(hours=1))
    says = ", ".join(period.key for period in due[-5:]) or _("All full weeks have been collected and paid.")
    return _matter(_("Weeks to close"), len(due), says, reverse("admin:economy_taxrun_changelist"))


def _late_jobs(at: datetime) -> Matter:
    """Jobs on an interval that have not run for three times as long, and at least ten minutes."""
    late = [name for name, last, every in registered() if last and at - last > max(3 * every, timedelta(minutes=10))]
    says = ", ".join(late) or _("Every job has run in time.")
    return _matter(
        _("Jobs that are late"), len(late), says, reverse("admin:django_celery_beat_periodictask_changelist")
    )


def _stray_rows(at: datetime) -> Matter:
    """DEFAULT partitions must stay empty: a row there keeps its month from being made."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid "
            "WHERE pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT' ORDER BY c.relname"
        )
        tables = [name for (name,) in cursor.fetchall()]
        filled = []
        for table in tables:
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)})")  # noqa: S608
            if cursor.fetchone()[0]:
                filled.append(table)
    says = ", ".join(filled) or _("Every row lies in its month.")
    return _matter(_("Rows outside of their month"), len(filled), says)


def _waiting_books(at: datetime) -> Matter:
    """What jobs should have cleared within seconds, and what must never be there."""
    unbalanced = len(UnbalancedTransfer.objects.values("pk")[:_MANY])
    uncounted = len(
        UncountedTip.objects.filter(tip_id__lt=first_id_at(at - timedelta(minutes=10))).values("pk")[:_MANY]
    )
    entries = len(FundEntry.objects.values("pk")[:10_001])
    number = unbalanced + uncounted + (1 if entries > 10_000 else 0)
    says = _("Out of balance: %(unbalanced)s. Tips not counted: %(uncounted)s. Fund entries waiting: %(entries)s.") % {
        "unbalanced": unbalanced,
        "uncounted": uncounted,
        "entries": entries,
    }
    return _matter(_("Books"), number, says, reverse("admin:economy_fundbalance_changelist"))


def _matter(title: str, number: int, says: str, link: str = "") -> Matter:
    return Matter(title, str(number) if number < _MANY else f"{_MANY}+", number > 0, says, link)
