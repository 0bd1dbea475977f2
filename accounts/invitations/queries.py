"""Reads about invitations: a member's own, the one a visitor came by, who came."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from accounts.invitations import rules
from accounts.invitations.models import Application, Invitation, InvitationUse
from accounts.members.models import Page, User
from config.lib.runtime import figures

SHOWN = 100


@dataclass(frozen=True)
class WayIn:
    """How someone new can join now: the mode of sign-up, and the good invitation they hold, if any."""

    mode: str
    invitation: Invitation | None = None


def way_in(code: str | None, *, at: datetime) -> WayIn:
    """How the bearer of a code, or of none, can join. No query without a code."""
    return WayIn(figures().SIGN_UP_MODE, good_invitation(code, at=at))


def good_invitation(code: str | None, *, at: datetime) -> Invitation | None:
    """The invitation with a code by which someone can still join, with its inviter; None when there is none."""
    if not rules.is_code(code) or figures().SIGN_UP_MODE == rules.CLOSED:
        return None
    return Invitation.objects.good(at).select_related("inviter").filter(code=code).first()


def invitations_of(member: User) -> list[Invitation]:
    """A member's invitations, newest first, with `came`: the first pages of those who joined by each. Three queries."""
    first_page = Prefetch("user__pages", Page.objects.visible().filter(is_primary=True), to_attr="shown_pages")
    uses = InvitationUse.objects.select_related("user").prefetch_related(first_page).order_by("-id")
    rows = list(
        Invitation.objects.filter(inviter=member).prefetch_related(Prefetch("uses", uses)).order_by("-id")[:SHOWN]
    )
    for row in rows:
        row.came = [page for use in row.uses.all() for page in use.user.shown_pages]  # type: ignore[attr-defined]
    return rows


def waiting_applications(*, most: int) -> int:
    """How many applications wait for staff, counted up to `most`."""
    return len(Application.objects.waiting().values("pk")[:most])
