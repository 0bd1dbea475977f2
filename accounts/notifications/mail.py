"""E-mails about notifications: their words, and the headers by which a mailbox offers to stop them.

RFC 8058: `List-Unsubscribe` with an https address and `List-Unsubscribe-Post` make the one-click button.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.members.models import User
from accounts.notifications import kinds, stops
from accounts.notifications.hours import zone_named
from accounts.notifications.models import Notification
from config.lib.links import absolute

SHOWN = 20  # of however many there are; the rest is on the site


@dataclass(frozen=True)
class Letter:
    """What `owe_message` sends."""

    subject: str
    body: str
    html: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class _Line:
    title: str
    message: str
    link: str
    when: str


@dataclass(frozen=True)
class _Section:
    label: str
    lines: list[_Line]


def digest(member: User, found: Sequence[Notification], *, total: int, chosen: Mapping[str, Any]) -> Letter:
    """A digest: the newest notifications of `total`, by kind. `chosen` are the member's complete preferences."""
    with _in_words_of(chosen):
        subject = ngettext("%(n)d new notice at %(site)s", "%(n)d new notices at %(site)s", total)
        why = (
            _("You get this every Monday on which there is something new.")
            if chosen["digest"] == "weekly"
            else _("You get this every day on which there is something new.")
        )
        return _letter(
            member,
            found,
            total=total,
            list_name=stops.DIGEST,
            subject=subject % {"n": total, "site": settings.SITE_NAME},
            why=why,
            stop=_("Stop these e-mails"),
            zone=zone_named(chosen["time_zone"]),
        )


def at_once(member: User, found: Sequence[Notification], *, total: int, chosen: Mapping[str, Any]) -> Letter:
    """The notifications of one kind that a member wants to hear of at once."""
    with _in_words_of(chosen):
        kind = kinds.kind_of(found[0].type)
        label = str(kind.label) if kind else found[0].type
        if total == 1:
            subject = f"{found[0].title} · {settings.SITE_NAME}"
        else:
            words = ngettext("%(kind)s: %(n)d new notice at %(site)s", "%(kind)s: %(n)d new notices at %(site)s", total)
            subject = words % {"n": total, "kind": label, "site": settings.SITE_NAME}
        return _letter(
            member,
            found,
            total=total,
            list_name=found[0].type,
            subject=subject,
            why=_("You chose to hear at once of: %(kind)s.") % {"kind": label},
            stop=_("Stop e-mails about this"),
            zone=zone_named(chosen["time_zone"]),
        )


def _in_words_of(chosen: Mapping[str, Any]) -> translation.override:
    return translation.override(chosen["language"] or settings.LANGUAGE_CODE)


def _letter(
    member: User,
    found: Sequence[Notification],
    *,
    total: int,
    list_name: str,
    subject: str,
    why: str,
    stop: str,
    zone: tzinfo,
) -> Letter:
    stop_address = absolute(stops.path_for(member.pk, list_name))
    context = {
        "language": translation.get_language(),
        "subject": subject,
        "name": member.primary_page.display_name,
        "total": total,
        "site": settings.SITE_NAME,
        "sections": _sections(found[:SHOWN], zone),
        "more": total - len(found[:SHOWN]),
        "all_link": absolute(reverse("accounts:notifications")),
        "choices_link": absolute(reverse("accounts:choose_notices")),
        "why": why,
        "stop": stop,
        "stop_link": stop_address,
    }
    host = settings.SITE_ADDRESS.partition("//")[2].partition(":")[0].strip("/")
    return Letter(
        subject=subject,
        body=render_to_string("accounts/notifications/letter.txt", context),
        html=render_to_string("accounts/notifications/letter.html", context),
        headers={
            "List-Unsubscribe": f"<{stop_address}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Id": f"{settings.SITE_NAME} <{list_name}.{host}>",
        },
    )


def _sections(found: Sequence[Notification], zone: tzinfo) -> list[_Section]:
    """By kind, in the order in which the newest of each came."""
    lines: dict[str, list[_Line]] = {}
    for one in found:
        lines.setdefault(one.type, []).append(
            _Line(
                title=_on_one_line(one.title),
                message=_on_one_line(one.message),
                link=absolute(reverse("accounts:open_notification", args=[one.pk])),
                when=date_format(timezone.localtime(one.happened_at, zone), "SHORT_DATETIME_FORMAT"),
            )
        )
    return [_Section(_label_of(name), of_kind) for name, of_kind in lines.items()]


def _label_of(name: str) -> str:
    kind = kinds.kind_of(name)
    return str(kind.label) if kind else name


def _on_one_line(words: str) -> str:
    return " ".join(words.split())
