"""A member's standing: suspended, banned, reopened, signed out, given a role. Done by staff, with a reason."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.audit.acting import acting
from accounts.members.models import User
from accounts.signin.models import BrowserSession, TokenFamily
from config.lib import moments
from config.lib.refusals import NotAllowed, NotThere, Refused


class AccountSuspended(NotAllowed):
    """Staff have suspended the account: it may read, and not act."""

    slug = "account-suspended"
    title = gettext_lazy("Account suspended")

    def __init__(self, *, member: User) -> None:
        until = member.status_until
        sentence = (
            _("Your account is suspended until %(until)s. Reason: %(reason)s")
            if until is not None
            else _("Your account is suspended until staff open it again. Reason: %(reason)s")
        )
        shown = {"reason": member.status_reason or _("none was given"), "until": moments.exact(until) if until else ""}
        super().__init__(
            sentence % shown,
            reason=member.status_reason,
            until=until.isoformat().replace("+00:00", "Z") if until else "",
        )


class EndsBeforeItBegins(Refused):
    """The end of a suspension lies in the past."""

    slug = "ends-too-early"
    title = gettext_lazy("Ends too early")
    sentence = gettext_lazy("The suspension would be over before it begins.")
    field = "until"


def must_act(member: User) -> None:
    """Refuses with AccountSuspended, or with NotAllowed (banned, closed), unless the member may act."""
    if member.may_act:
        return
    if member.status == User.Status.SUSPENDED:
        raise AccountSuspended(member=member)
    raise NotAllowed()


def suspend(*, staff: User, member: User, reason: str, at: datetime, until: datetime | None = None) -> None:
    """Keep a member from acting, until a moment or until staff reopen; they may still read and take their data along.

    May refuse with NotAllowed, NotThere (banned and closed ones), EndsBeforeItBegins.
    """
    if until is not None and until <= at:
        raise EndsBeforeItBegins()
    _set_status(staff, member, reason, at, to=User.Status.SUSPENDED, among=[User.Status.ACTIVE], until=until)


def end_suspensions(*, at: datetime) -> int:
    """Let those act again whose suspension is over; how many."""
    over = User.objects.filter(status=User.Status.SUSPENDED, status_until__lte=at)
    with acting(reason=_("The suspension was over.")):
        return over.update(status=User.Status.ACTIVE, status_reason="", status_until=None)


def reopen(*, staff: User, member: User, reason: str, at: datetime) -> None:
    """Let a suspended or banned member act again; the latter only by an admin. May refuse with NotAllowed, NotThere."""
    among = [User.Status.SUSPENDED, *([User.Status.BANNED] if staff.is_superuser else [])]
    _set_status(staff, member, reason, at, to=User.Status.ACTIVE, among=among)


def ban(*, staff: User, member: User, reason: str, at: datetime) -> None:
    """Shut a member out and end every session at once; for admins. May refuse with NotAllowed, NotThere."""
    with transaction.atomic():
        _must_be_admin(_as_they_are(staff, member)[0])
        among = [User.Status.ACTIVE, User.Status.SUSPENDED]
        _set_status(staff, member, reason, at, to=User.Status.BANNED, among=among)
        _sign_out(member, at)


def sign_out_everywhere(*, staff: User, member: User, reason: str, at: datetime) -> None:
    """End all sessions and access tokens of a member. May refuse with NotAllowed."""
    _must_be_above(staff, member, reason)
    with transaction.atomic():
        _sign_out(member, at)


def change_role(*, staff: User, member: User, role: str, reason: str, at: datetime) -> None:
    """Make a member a moderator, an admin, or neither; for admins, and not of oneself. Ends the member's sessions.

    May refuse with NotAllowed.
    """
    if staff.pk == member.pk or role not in User.Role.values or not reason.strip():
        raise NotAllowed()
    with transaction.atomic():
        _must_be_admin(_as_they_are(staff, member)[0])
        User.objects.filter(pk=member.pk).update(role=role)
        _sign_out(member, at)


def end_all_sessions(member: User, at: datetime, *, ending: TokenFamily.Ending) -> None:
    """Sign browsers and programs out. (A higher token version alone ends them; this leaves nothing behind either.)"""
    keys = BrowserSession.objects.filter(user=member).values("session_key")
    Session.objects.filter(session_key__in=keys).delete()
    BrowserSession.objects.filter(user=member).delete()
    TokenFamily.objects.filter(user=member, ended_at=None).update(ended_at=at, ending=ending)


def _sign_out(member: User, at: datetime) -> None:
    User.objects.filter(pk=member.pk).update(token_version=F("token_version") + 1)
    end_all_sessions(member, at, ending=TokenFamily.Ending.STAFF)


@transaction.atomic
def _set_status(
    staff: User,
    member: User,
    reason: str,
    at: datetime,
    *,
    to: User.Status,
    among: list[User.Status],
    until: datetime | None = None,
) -> None:
    _must_be_above(*_as_they_are(staff, member), reason)
    shown = "" if to == User.Status.ACTIVE else reason.strip()[:300]
    among_these = Q(status__in=among)
    if User.Status.ACTIVE in among:
        # A suspension that is over counts as none, whether the job has written so or not.
        among_these |= Q(status=User.Status.SUSPENDED, status_until__lte=at)
    if not User.objects.filter(among_these, pk=member.pk).update(status=to, status_reason=shown, status_until=until):
        raise NotThere()


def _as_they_are(staff: User, member: User) -> tuple[User, User]:
    """Both as they are now, held until the transaction ends.

    Of two admins who take each other's role, or ban each other, at the same moment, the second one is none any more;
    else nobody would be left who can give roles.
    """
    both = User.objects.select_for_update(no_key=True).filter(pk__in=[staff.pk, member.pk]).order_by("pk")
    present = {one.pk: one for one in both}
    return present[staff.pk], present[member.pk]


def _must_be_admin(staff: User) -> None:
    if not staff.is_superuser:
        raise NotAllowed()


def _must_be_above(staff: User, member: User, reason: str) -> None:
    """Staff act on others, with a reason; moderators not on their like."""
    is_above = staff.is_superuser or (staff.is_staff and member.role == User.Role.USER)
    if not is_above or staff.pk == member.pk or not reason.strip():
        raise NotAllowed()
