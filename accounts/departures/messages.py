"""What those who leave are told, where they still read it: by e-mail when the address is proved, else by SMS."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.members.models import User
from accounts.members.remembered import language_and_zone
from accounts.notifications.operations import Channel, owe_message
from accounts.notifications.quiet import when_to_tell

Words = Callable[[str], tuple[str, str]]


def tell_of_closing(member: User, *, until: datetime, at: datetime) -> None:
    """The account is closed, and until when it can be opened again."""
    _tell(member, _closed, moment=until, at=at)


def tell_time_runs_out(member: User, *, until: datetime, at: datetime) -> None:
    """A last word before everything is erased; not in the member's quiet hours, because it can wait so long."""
    _tell(member, _last_days, moment=until, at=at, not_before=when_to_tell(member.pk, at=at))


def _closed(until: str) -> tuple[str, str]:
    return (
        _("Your account is closed"),
        _("Your %(site)s account is closed. Sign in until %(until)s to open it again; after that it is erased.")
        % {"site": settings.SITE_NAME, "until": until},
    )


def _last_days(until: str) -> tuple[str, str]:
    return (
        _("Your account is erased soon"),
        _(
            "On %(until)s your closed %(site)s account is erased and the coins left in it go to the treasury. "
            "Sign in before to keep it."
        )
        % {"site": settings.SITE_NAME, "until": until},
    )


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC  # a name that this machine does not know


def _tell(member: User, words: Words, *, moment: datetime, at: datetime, not_before: datetime | None = None) -> None:
    language, zone = language_and_zone(member.pk)
    with translation.override(language or settings.LANGUAGE_CODE):
        subject, body = words(date_format(timezone.localtime(moment, _zone(zone)), "DATE_FORMAT"))
    if member.email and member.email_verified:
        owe_message(
            channel=Channel.EMAIL,
            recipient=member.email,
            subject=subject,
            body=body,
            not_before=not_before,
            at=at,
        )
    elif member.phone_number is not None:
        number = str(member.phone_number)
        owe_message(channel=Channel.SMS, recipient=number, body=body, not_before=not_before, at=at)
