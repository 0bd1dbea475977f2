"""What a visitor's session keeps while they join: the invitation they came by, and an application not yet written.

Both lie on the server; the browser holds only the session's key.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

INVITATION, APPLYING = "invitation", "applying"
TIME_TO_WRITE = timedelta(hours=1)


@dataclass(frozen=True)
class Applicant:
    """Who has proved a number and may now write an application."""

    number: str
    username: str
    display_name: str


def keep_invitation(session: Any, code: str) -> None:
    """Remember the invitation by which a visitor came."""
    session[INVITATION] = code


def kept_invitation(session: Any) -> str | None:
    """The code of the invitation by which the visitor came, or None."""
    return session.get(INVITATION)


def begin_application(session: Any, *, number: str, username: str | None, display_name: str, at: datetime) -> None:
    """Remember that this visitor has proved a number; for an hour, which is time enough for a few words."""
    session[APPLYING] = {
        "number": number,
        "username": username or "",
        "display_name": display_name,
        "until": (at + TIME_TO_WRITE).isoformat(),
    }


def applicant_of(session: Any, *, at: datetime) -> Applicant | None:
    """Who is applying in this session, or None when nobody is or the hour is over."""
    kept = session.get(APPLYING)
    if kept is None or at >= datetime.fromisoformat(kept["until"]):
        return None
    return Applicant(kept["number"], kept["username"], kept["display_name"])


def forget(session: Any) -> None:
    """Whoever has joined, or applied, needs neither any more."""
    session.pop(INVITATION, None)
    session.pop(APPLYING, None)
