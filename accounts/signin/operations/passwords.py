"""Writes of passwords: signing in with one, setting, changing and removing it. Only with a confirmed e-mail it opens.

Whether anyone has an address shows neither in the answer nor in its time: every try counts the same, asks the database
the same, compares with one hash (a decoy where there is none) and leaves one row in the audit.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, is_password_usable, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from accounts.audit.operations import note
from accounts.members.models import User
from accounts.signin import queries, rules, strength
from accounts.signin.operations import notices
from accounts.signin.strength import Weakness
from config.lib.addresses import block_of
from config.lib.limits import Limit, give_back, take
from config.lib.refusals import Refused, TooMany
from config.lib.runtime import figures

HOUR = 3600

_WEAK: dict[Weakness, Any] = {
    Weakness.SHORT: _("A password has at least %(least)s characters."),
    Weakness.LONG: _("A password has at most %(most)s characters."),
    Weakness.SIMPLE: _("This repeats a few signs. Take several words, or what a password manager makes up."),
    Weakness.COMMON: _("Many people use this password, so it is tried first. Take another one."),
    Weakness.LIKE_NAME: _("This is too much like your name, e-mail address or number. Take another one."),
}


class WeakPassword(Refused):
    """Too short, too common, or too much like what everybody knows of its owner."""

    slug = "weak-password"
    title = _("Password too easily guessed")
    field = "password"

    def __init__(self, weakness: Weakness) -> None:
        facts = {"least": strength.LEAST, "most": strength.MOST}
        super().__init__(str(_WEAK[weakness]) % facts)


class WrongPassword(Refused):
    """No account has this confirmed address and this password; which of the two is wrong is not said."""

    slug = "wrong-password"
    title = _("Not right")
    sentence = _(
        "E-mail and password do not fit. A password opens an account only when its e-mail address was confirmed."
    )


class LastWayIn(Refused):
    """The account has no number, so e-mail and password together are all that opens it."""

    slug = "last-way-in"
    title = _("The last way in")
    sentence = _(
        "Your account has no phone number, so e-mail and password are its only way in. Give it a number first."
    )


class TooManyPasswords(TooMany):
    """The address or the account gave too many wrong passwords within an hour."""

    sentence = _("Too many wrong passwords. The next one counts in %(wait)s; a code to your phone works at once.")


# -- Signing in -----------------------------------------------------------------------------------


def prove_password(*, email: str, password: str, address: str, at: datetime) -> User:
    """Whoever has this confirmed address and this password: the first proof of a sign-in.

    The member may be banned or closed; the caller looks. May refuse with WrongPassword, TooManyPasswords, LimitsAway.
    """
    whom = rules.pseudonym(email.lower(), pepper=settings.CODE_PEPPER)
    now = figures()
    limits = (
        Limit("passwords", whom, now.PASSWORDS_PER_ACCOUNT_HOUR, HOUR),
        Limit("passwords-address", block_of(address), now.PASSWORDS_PER_ADDRESS_HOUR, HOUR),
    )
    # Counted as wrong in advance, so that a burst in parallel cannot slip through.
    counted = take(*limits, refuse=TooManyPasswords)
    member = queries.member_of_email(email)
    fits = _fits(password, member)
    if member is None or not fits:
        facts = {"way": "password"}
        note(action="sign-in-failed", entity_type="e-mail", entity_id=whom, account=member, new_values=facts, at=at)
        raise WrongPassword()
    give_back(counted, *limits)
    return member


def is_right(*, member: User, password: str, at: datetime) -> bool:
    """Whether this is the password of a member who is signed in or has given another proof already.

    May refuse with TooManyPasswords, LimitsAway. Counted apart from sign-ins, so that strangers cannot use it up.
    """
    limit = Limit("passwords-proof", str(member.pk), figures().PASSWORDS_PER_ACCOUNT_HOUR, HOUR)
    counted = take(limit, refuse=TooManyPasswords)
    if not _fits(password, member):
        return False
    give_back(counted, limit)
    return True


def has_password(member: User) -> bool:
    """Whether the member has set a password."""
    return bool(member.password) and is_password_usable(member.password)


def _fits(password: str, member: User | None) -> bool:
    is_set = member is not None and has_password(member)
    encoded = member.password if member is not None and is_set else _decoy(settings.PASSWORD_HASHERS[0])

    def renew(raw: str) -> None:
        # The hash was made at a lower cost than is usual now. Only this one is replaced: a change meanwhile stays.
        User.objects.filter(pk=member.pk, password=encoded).update(password=make_password(raw))  # type: ignore[union-attr]

    return check_password(password, encoded, setter=renew if is_set else None) and is_set


@lru_cache(maxsize=4)
def _decoy(hasher: str) -> str:
    """A hash that no password fits, as dear to compare with as a real one."""
    return make_password(get_random_string(40))


# -- Setting --------------------------------------------------------------------------------------


def set_password(*, member: User, password: str, at: datetime) -> None:
    """Give the account a password, or another one. May refuse with WeakPassword.

    Everything that is signed in ends but what the caller keeps (`sessions.stay`).
    """
    must_be_strong(password, member=member)
    is_first = not has_password(member)
    encoded = make_password(password)  # slow, and so before the transaction
    with transaction.atomic():
        write(member, encoded, at)
        note(action="password-changed", entity_type="member", entity_id=member.pk, account=member, at=at)
        notices.tell(member=member, what="password-set" if is_first else "password-changed", at=at)


def remove_password(*, member: User, at: datetime) -> None:
    """Do without a password from now on. Everything that is signed in ends but what the caller keeps.

    May refuse with LastWayIn.
    """
    if not has_password(member):
        return
    must_have_number(member)
    with transaction.atomic():
        write(member, make_password(None), at)
        User.objects.filter(pk=member.pk).update(password_changed_at=None)
        member.password_changed_at = None
        note(action="password-removed", entity_type="member", entity_id=member.pk, account=member, at=at)
        notices.tell(member=member, what="password-removed", at=at)


def must_have_number(member: User) -> None:
    """May refuse with LastWayIn, before e-mail or password is given up."""
    if member.phone_number is None:
        raise LastWayIn()


def write(member: User, encoded: str, at: datetime) -> None:
    """Write a hash, and end every session and token; call within a transaction. Read `member` anew."""
    User.objects.filter(pk=member.pk).update(
        password=encoded, password_changed_at=at, token_version=F("token_version") + 1
    )
    member.refresh_from_db(fields=["password", "password_changed_at", "token_version"])


def hold_coins(member: User, at: datetime, *, hours: int | None = None) -> None:
    """Let no coins leave the member's wallet for `hours` (COINS_HELD_HOURS), or as long as they are held already."""
    until = at + timedelta(hours=figures().COINS_HELD_HOURS if hours is None else hours)
    User.objects.filter(pk=member.pk).update(coins_held_until=Greatest(F("coins_held_until"), Value(until)))
    member.refresh_from_db(fields=["coins_held_until"])


def must_be_strong(password: str, *, member: User) -> None:
    """May refuse with WeakPassword."""
    weakness = strength.weakness_of(password, words=_words_of(member), common=_common())
    if weakness is not None:
        raise WeakPassword(weakness)


def _words_of(member: User) -> list[str]:
    """What others know of a member, and would try."""
    words = [member.first_name, member.last_name, f"{member.first_name}{member.last_name}", settings.SITE_NAME]
    for username, shown in member.pages.values_list("username", "display_name"):
        words += [username, shown, *shown.split()]
    if member.email:
        words += [member.email, member.email.partition("@")[0]]
    if member.phone_number:
        digits = str(member.phone_number).lstrip("+")
        words += [digits, digits[-10:], digits[-7:]]
    return words


@lru_cache(maxsize=1)
def _common() -> set[str]:
    """20,000 passwords that are in every list of those that were stolen (Django's, by Royce Williams)."""
    return set(CommonPasswordValidator().passwords)
