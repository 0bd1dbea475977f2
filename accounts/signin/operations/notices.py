"""Telling a member what happened to the ways into their account: by e-mail, else by SMS, and on the site."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy

from accounts.members.models import User
from accounts.notifications.models import OutgoingMessage
from accounts.notifications.operations import Channel, owe_message, owe_notice
from config.lib.ids import first_id_at

_ONE_SMS_IN = timedelta(minutes=10)

# what → its words. `%(name)s` of the details; `device` and `time` are always there.
WORDS: dict[str, Any] = {
    "new-sign-in": gettext_lazy("Someone signed in to your account: %(device)s, %(time)s."),
    "number-changed": gettext_lazy("Your account has moved to the phone number %(number)s, %(time)s."),
    "number-freed": gettext_lazy(
        "Your phone number was silent for long and has a new owner, so staff took it from your account, %(time)s."
        " E-mail and password still open it."
    ),
    "password-set": gettext_lazy("Your account has a password now, %(time)s."),
    "password-changed": gettext_lazy("The password of your account was changed, %(time)s."),
    "password-reset": gettext_lazy("The password of your account was reset by e-mail, %(time)s."),
    "password-removed": gettext_lazy("The password of your account was removed, %(time)s."),
    "email-changed": gettext_lazy("The e-mail address of your account was changed, %(time)s."),
    "email-verified": gettext_lazy("The e-mail address of your account was confirmed, %(time)s."),
    "email-removed": gettext_lazy("The e-mail address of your account was removed, %(time)s."),
    "second-factor-on": gettext_lazy("The second factor of your account was switched on, %(time)s."),
    "second-factor-off": gettext_lazy("The second factor of your account was switched OFF, %(time)s."),
    "recovery-codes-new": gettext_lazy("Your account has new recovery codes, %(time)s. The old ones are dead."),
    "recovery-code-used": gettext_lazy("A recovery code of your account was used, %(time)s."),
    "wrong-second-factor": gettext_lazy("Someone got as far as your second factor and answered wrongly, %(time)s."),
    "dormant-sign-in": gettext_lazy("Someone signed in to your account after a long silence, %(time)s."),
}
_OTHERWISE = gettext_lazy("Something changed about how one signs in to your account, %(time)s.")
_IF_NOT_YOU = gettext_lazy("Was it not you? Sign in, open Settings → Security, and sign out all other sessions.")


def sentence(what: str, *, details: Mapping[str, Any], at: datetime) -> str:
    """What happened, in one sentence."""
    browser, system, address = (str(details.get(name) or "") for name in ("browser", "system", "address"))
    if browser and system:
        device = gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    else:
        device = browser or system or gettext("an unknown program")
    if address:
        device = gettext("%(device)s, address %(address)s") % {"device": device, "address": address}
    facts = {"number": "", **details, "device": device, "time": f"{at:%Y-%m-%d %H:%M} UTC"}
    return str(WORDS.get(what, _OTHERWISE)) % facts


@transaction.atomic
def tell(
    *, member: User, what: str, at: datetime, to_number: str | None = None, details: Mapping[str, Any] | None = None
) -> None:
    """Tell a member at once that `what` (a key of WORDS) happened, whatever they chose to hear of.

    By e-mail to a verified address, else by SMS to their number; `to_number` gets an SMS in any case: the number that
    was left, or the member's own when the mailbox may be a stranger's. One SMS per number and kind in ten minutes, so
    that nobody can be made to pay for a flood.
    """
    said = sentence(what, details=details or {}, at=at)
    body = f"{said} {_IF_NOT_YOU}"
    owe_notice(user_id=member.pk, kind="security", data={"title": said, "message": str(_IF_NOT_YOU)}, at=at)
    if member.email and member.email_verified:
        owe_message(
            channel=Channel.EMAIL,
            recipient=member.email,
            subject=gettext("Security of your Civitas account"),
            body=f"{said}\n\n{_IF_NOT_YOU}",
            at=at,
        )
    elif member.phone_number and to_number is None:
        _owe_sms(str(member.phone_number), what, f"Civitas: {body}", at)
    if to_number is not None:
        _owe_sms(to_number, what, f"Civitas: {body}", at)


def _owe_sms(number: str, what: str, body: str, at: datetime) -> None:
    # The subject of an SMS travels nowhere; here it says which kind it was.
    lately = OutgoingMessage.objects.filter(
        pk__gte=first_id_at(at - _ONE_SMS_IN), channel=Channel.SMS, recipient=number, subject=what
    )
    if not lately.exists():
        owe_message(channel=Channel.SMS, recipient=number, subject=what, body=body, at=at)
