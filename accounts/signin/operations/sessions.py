"""Writes about sessions: a browser's begins with a sign-in, is noted as used, and ends; programs end beside them.

A session is Django's own, which alone decides whether a browser is signed in, and a row of ours with the same key,
which the member sees in a list. Ending one deletes both.
"""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from accounts.audit.operations import note
from accounts.members.models import User
from accounts.signin import devices
from accounts.signin.models import BrowserSession, TokenFamily
from accounts.signin.operations import notices, passwords
from config.lib.refusals import NotThere
from config.lib.runtime import figures

# In the Django session:
VERSION_KEY = "token_version"  # the member's, when it began; a higher one ends it
ROW_KEY = "browser_session"  # the id of its row
BEGUN_KEY = "has_just_begun"  # for the middleware, within the request of the sign-in

LASTS = timedelta(days=14)  # since the last renewal
STAFF_LASTS = timedelta(hours=8)  # since the sign-in, whatever happens
_RENEWED_BEFORE = timedelta(days=7)
_NOTED_EVERY = 300  # seconds

FACTOR_LASTS = timedelta(hours=8)  # for staff in the admin
MAY_IDLE = timedelta(hours=1)  # for staff in the admin
_ADMIN_NOTED_EVERY = timedelta(minutes=1)

_JUST_JOINED = timedelta(minutes=10)  # nobody needs to hear of the sign-in that made the account


class Door(StrEnum):
    """What stands between a member of the staff and the admin."""

    OPEN = "OPEN"
    ENROL = "ENROL"  # no second factor yet
    PROVE = "PROVE"  # not given here, too long ago, or idle for an hour


# -- Beginning and using --------------------------------------------------------------------------


@transaction.atomic
def begin(
    session: SessionBase, *, member: User, address: str, user_agent: str, second_factor: bool, at: datetime
) -> BrowserSession:
    """Enter a browser's session in the list, right after Django's `login`, which has given it a new key.

    `second_factor`: whether an authenticator's or recovery code was part of this sign-in.
    """
    session[VERSION_KEY] = member.token_version
    session[BEGUN_KEY] = True
    row = enter(session, member=member, address=address, user_agent=user_agent, at=at)
    row.proved_at = at
    row.second_factor_at = at if second_factor else None
    row.save(update_fields=["proved_at", "second_factor_at"])
    facts = {"way": "browser", "address": address, "second_factor": second_factor}
    note(action="sign-in", entity_type="browser session", entity_id=row.pk, account=member, new_values=facts, at=at)
    return row


def note_use(session: SessionBase, *, member: User, address: str, user_agent: str, at: datetime) -> bool:
    """Note that a session is in use, every five minutes; whether it still counts.

    A session without a row, from before there were rows, is entered now: as one in which nothing was proved lately.
    """
    if not cache.add(_gate(session, at), 1, timeout=_NOTED_EVERY):
        return True
    row = BrowserSession.objects.filter(session_key=session.session_key, user=member).first()
    if row is None:
        if ROW_KEY in session:
            return False  # ended from elsewhere
        enter(session, member=member, address=address, user_agent=user_agent, at=at)
        return True
    row.last_used_at, row.ip_address = at, address
    if not _is_of_staff(member) and row.expires_at - at < _RENEWED_BEFORE:
        session.modified = True  # saved with two more weeks, and so is the browser's cookie
        row.expires_at = at + LASTS
    row.save(update_fields=["last_used_at", "ip_address", "expires_at"])
    return True


def _gate(session: SessionBase, at: datetime) -> str:
    # The key of a session opens it, so the cache gets to see its hash alone.
    key = hashlib.sha256(str(session.session_key).encode()).hexdigest()[:32]
    return f"session-noted:{key}:{int(at.timestamp()) // _NOTED_EVERY}"


def enter(session: SessionBase, *, member: User, address: str, user_agent: str, at: datetime) -> BrowserSession:
    """Make the row of a session that has none; it has proved nothing yet."""
    lasts = LASTS
    if _is_of_staff(member):
        lasts = STAFF_LASTS
        session.set_expiry(at + lasts)
    else:
        session.set_expiry(None)
    if not session.session_key:
        session.create()
    # Two pages opened at once may both enter it.
    row, _is_first = BrowserSession.objects.update_or_create(
        session_key=session.session_key,
        defaults={
            "user": member,
            "ip_address": address,
            "user_agent": devices.kept(user_agent),
            "last_used_at": at,
            "expires_at": at + lasts,
            "proved_at": datetime.fromtimestamp(0, tz=at.tzinfo),
            "second_factor_at": None,
            "admin_used_at": None,
            "token_version": member.token_version,
        },
    )
    session[ROW_KEY] = str(row.pk)
    return row


def _is_of_staff(member: User) -> bool:
    # By role: a suspended moderator's session must not live longer for it.
    return member.role != User.Role.USER


# -- The staff's door -----------------------------------------------------------------------------


def pass_staff_door(session: SessionBase, *, member: User, at: datetime) -> Door:
    """Whether the admin opens for this session of a member of the staff, and note that it was used."""
    if not member.has_second_factor:
        return Door.ENROL
    row = BrowserSession.objects.filter(session_key=session.session_key, user=member).first()
    if row is None or row.second_factor_at is None or at - row.second_factor_at > FACTOR_LASTS:
        return Door.PROVE
    last = max(row.second_factor_at, row.admin_used_at or row.second_factor_at)
    if at - last > MAY_IDLE:
        return Door.PROVE
    if row.admin_used_at is None or at - row.admin_used_at > _ADMIN_NOTED_EVERY:
        BrowserSession.objects.filter(pk=row.pk).update(admin_used_at=at)
    return Door.OPEN


# -- Ending ---------------------------------------------------------------------------------------


@transaction.atomic
def end_session(*, member: User, session_id: UUID, at: datetime) -> None:
    """Sign one browser of a member out. May refuse with NotThere, also for another member's."""
    row = BrowserSession.objects.filter(pk=session_id, user=member).first()
    if row is None:
        raise NotThere()
    _delete([row.session_key])
    note(action="sign-out", entity_type="browser session", entity_id=session_id, account=member, at=at)


@transaction.atomic
def end_program(*, member: User, family_id: UUID, at: datetime) -> None:
    """Sign one program of a member out. Doing it twice is no error. May refuse with NotThere, also for another's."""
    if not TokenFamily.objects.filter(pk=family_id, user=member).exists():
        raise NotThere()
    if _end_families(member, at=at, family_id=family_id):
        note(action="sign-out", entity_type="program", entity_id=family_id, account=member, at=at)


@transaction.atomic
def end_others(session: SessionBase, *, member: User, at: datetime) -> None:
    """Sign a member out everywhere but here: browsers, programs, and what no list knows of."""
    User.objects.filter(pk=member.pk).update(token_version=F("token_version") + 1)
    stay(session, member=member, at=at)
    _delete(
        BrowserSession.objects.filter(user=member)
        .exclude(session_key=session.session_key)
        .values_list("session_key", flat=True)
    )
    _end_families(member, at=at)
    note(action="sign-out", entity_type="all other sessions", account=member, at=at)


@transaction.atomic
def end_this(session: SessionBase, *, member: User, at: datetime) -> None:
    """Take a session out of the list that its member signs out of; Django's `logout` follows."""
    BrowserSession.objects.filter(session_key=session.session_key, user=member).delete()
    note(action="sign-out", entity_type="browser session", entity_id=session.get(ROW_KEY, ""), account=member, at=at)


def stay(session: SessionBase, *, member: User, at: datetime) -> None:
    """Keep this session alive through a change that ends all others (number, password, factor), under a new key."""
    member.refresh_from_db(fields=["token_version", "password"])
    before = session.session_key
    session.cycle_key()
    session[VERSION_KEY] = member.token_version
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    BrowserSession.objects.filter(session_key=before, user=member).update(
        session_key=session.session_key, token_version=member.token_version
    )


def forget_ended(*, at: datetime) -> int:
    """Delete the rows of sessions that are over; how many."""
    living = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=at)
    return BrowserSession.objects.filter(~Exists(living)).delete()[0]


def _delete(keys: object) -> None:
    found = list(keys)  # type: ignore[call-overload]
    Session.objects.filter(session_key__in=found).delete()
    BrowserSession.objects.filter(session_key__in=found).delete()


def _end_families(member: User, *, at: datetime, family_id: UUID | None = None) -> int:
    families = TokenFamily.objects.filter(user=member, ended_at=None)
    if family_id is not None:
        families = families.filter(pk=family_id)
    return families.update(ended_at=at, ending=TokenFamily.Ending.MEMBER)


# -- What is new ----------------------------------------------------------------------------------


def tell_of_browser(*, member: User, address: str, user_agent: str, at: datetime) -> None:
    """Tell a member of a sign-in with a browser that has never held a session of theirs."""
    _tell(member, address=address, user_agent=user_agent, at=at)


def tell_of_program(*, member: User, family_id: UUID, address: str, user_agent: str, at: datetime) -> None:
    """Tell a member of a sign-in by a program, unless one of the same name has signed in from the same address."""
    known = TokenFamily.objects.filter(user=member, user_agent=devices.kept(user_agent), ip_address=address)
    if not known.exclude(pk=family_id).exists():
        _tell(member, address=address, user_agent=user_agent, at=at)


def _tell(member: User, *, address: str, user_agent: str, at: datetime) -> None:
    if at - member.created_at < _JUST_JOINED:
        return
    device = devices.device_of(user_agent)
    notices.tell(
        member=member,
        what="new-sign-in",
        at=at,
        details={"address": address, "browser": device.browser, "system": device.system},
    )
    held = figures().NEW_DEVICE_HELD_HOURS
    if held and not member.has_second_factor:
        # A number can be stolen at the carrier; whoever has done so must not empty the wallet at once.
        passwords.hold_coins(member, at, hours=held)
