"""Whether a code may be sent to a number: countries, limits, the cost of a day, longer waits for codes nobody uses.

Pumping is what this is against: someone who earns from messages asks for codes to thousands of numbers, and answers
none. Nothing here looks at who has a number, so no refusal can tell.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from math import ceil

import phonenumbers
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.signin import rules
from accounts.signin.models import PhoneVerification
from config.lib.addresses import block_of
from config.lib.limits import Limit, counted
from config.lib.refusals import Refused, TooMany
from config.lib.runtime import figures

log = logging.getLogger(__name__)

MINUTE, HOUR, DAY = 60, 3600, 86400


class TooManyCodes(TooMany):
    """The number, its block of numbers or the network address asked for codes too often."""

    sentence = _("Too many codes were asked for. You can ask for another one in %(wait)s.")


class CodesPaused(TooMany):
    """CODES_SPEND_DAY: what messages may cost in a day is spent. Nothing that the member has done."""

    slug = "codes-paused"
    status = 503
    title = _("No codes at present")
    sentence = _("Unusually many codes were asked for, so none are sent for now. Codes are possible again in %(wait)s.")


class CountryNotServed(Refused):
    """The number's country is not among CODE_COUNTRIES."""

    slug = "country-not-served"
    title = _("Not in this country")
    sentence = _("We cannot send codes to numbers that begin with +%(country)s.")
    field = "phone"


@contextmanager
def allowed(*, phone_number: str, address: str) -> Iterator[None]:
    """Count a code against all limits while it is sent within; one that was refused in the end is not counted.

    May refuse with CountryNotServed, TooManyCodes, CodesPaused, and without the counters with LimitsAway.
    """
    now = figures()
    _must_be_served(phone_number, now.CODE_COUNTRIES)
    whom = rules.pseudonym(phone_number, pepper=settings.CODE_PEPPER)
    block = rules.pseudonym(rules.block_of_number(phone_number), pepper=settings.CODE_PEPPER)
    usual = (
        Limit("codes", whom, now.CODES_PER_NUMBER_MINUTE, MINUTE),
        Limit("codes", whom, now.CODES_PER_NUMBER_10_MINUTES, 10 * MINUTE),
        Limit("codes", whom, now.CODES_PER_NUMBER_HOUR, HOUR),
        Limit("codes", whom, now.CODES_PER_NUMBER_DAY, DAY),
        Limit("codes-address", block_of(address), now.CODES_PER_ADDRESS_HOUR, HOUR),
        Limit("codes-block", block, now.CODES_PER_BLOCK_DAY, DAY),
    )
    spend = Limit("codes-spend", "all", now.CODES_SPEND_DAY, DAY)
    with counted(*usual, refuse=TooManyCodes, is_strict=True):
        try:
            with counted(spend, refuse=CodesPaused, is_strict=True):
                yield
        except CodesPaused:
            log.critical("codes are paused: %s were sent in a day (CODES_SPEND_DAY)", now.CODES_SPEND_DAY)
            raise


def must_be_cool(*, phone_number: str, at: datetime) -> None:
    """Beyond the third code in 24 hours that nobody has proved: each further one waits twice as long.

    Call in the transaction that makes the code: of two at once the second sees the first. May refuse with TooManyCodes.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"accounts.signin:{phone_number}"])
    unproved = PhoneVerification.objects.filter(
        phone_number=phone_number, verified_at=None, created_at__gt=at - timedelta(seconds=DAY)
    )
    moments = list(unproved.order_by("-created_at").values_list("created_at", flat=True)[:50])
    now = figures()
    wait = rules.cool_down(len(moments), free=now.CODES_UNPROVED_FREE, first=now.CODES_COOL_DOWN_SECONDS)
    if wait and at < moments[0] + wait:
        raise TooManyCodes(retry_after=max(1, ceil((moments[0] + wait - at).total_seconds())))


def _must_be_served(phone_number: str, countries: str) -> None:
    served = rules.country_codes(countries)
    country = phonenumbers.parse(phone_number).country_code
    if served and country not in served:
        raise CountryNotServed(country=country)
