"""Times as people say them. Pure: the present is passed in."""

from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

MINUTE, HOUR, DAY = 60, 3600, 86400


def exact(moment: datetime) -> str:
    """The full date and time in the reader's language and time zone, with the zone's name."""
    local = timezone.localtime(moment)
    return f"{formats.date_format(local, 'DATETIME_FORMAT')} {local:%Z}".rstrip()


def relative(moment: datetime, *, now: datetime) -> str:
    """How long ago or ahead, in the largest unit, rounded down; from a week on the date itself."""
    seconds = (now - moment).total_seconds()
    past, distance = seconds >= 0, abs(seconds)
    if distance < MINUTE:
        return _("just now") if past else _("in a moment")
    if distance >= 7 * DAY:
        local, here = timezone.localtime(moment), timezone.localtime(now)
        return formats.date_format(local, "MONTH_DAY_FORMAT" if local.year == here.year else "DATE_FORMAT")
    if distance >= DAY:
        ago, ahead = pgettext("days", "%(n)d d ago"), pgettext("days", "in %(n)d d")
        count = int(distance // DAY)
    elif distance >= HOUR:
        ago, ahead = pgettext("hours", "%(n)d h ago"), pgettext("hours", "in %(n)d h")
        count = int(distance // HOUR)
    else:
        ago, ahead = pgettext("minutes", "%(n)d min ago"), pgettext("minutes", "in %(n)d min")
        count = int(distance // MINUTE)
    return (ago if past else ahead) % {"n": count}


def remaining(until: datetime, *, now: datetime) -> str:
    """What is left, in two units at most: "23 h 12 min", "6 d 4 h", "45 s"; empty when it is over.

    static/js/clock.js counts down in the same words.
    """
    seconds = int((until - now).total_seconds())
    if seconds <= 0:
        return ""
    days, hours, minutes = seconds // DAY, seconds % DAY // HOUR, seconds % HOUR // MINUTE
    if days:
        units = [(days, pgettext("days", "%(n)d d")), (hours, pgettext("hours", "%(n)d h"))]
    elif hours:
        units = [(hours, pgettext("hours", "%(n)d h")), (minutes, pgettext("minutes", "%(n)d min"))]
    elif minutes:
        units = [(minutes, pgettext("minutes", "%(n)d min"))]
    else:
        units = [(seconds, pgettext("seconds", "%(n)d s"))]
    return " ".join(words % {"n": count} for count, words in units if count)
