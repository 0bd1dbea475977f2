"""Small pieces of sentences that several rooms need."""

from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def coins_in_words(amount: Decimal | None) -> str:
    """Figures without a unit, in the reader's language: 1234.5 → "1,234.50"."""
    return formats.number_format(amount or Decimal(0), 2, force_grouping=True)


def percent_in_words(share: Decimal) -> str:
    """A share of 1 as a percentage with the decimals it needs: 0.0700 → "7%", 0.0125 → "1.25%"."""
    number = (share * 100).normalize()
    places = max(0, -int(number.as_tuple().exponent))
    return _("%(number)s%%") % {"number": formats.number_format(number, places)}


def duration(seconds: int) -> str:
    """How long, in the largest whole unit, rounded up: 59 → "59 seconds", 61 → "2 minutes"."""
    for size, words in (
        (86400, lambda n: ngettext("%(n)d day", "%(n)d days", n)),
        (3600, lambda n: ngettext("%(n)d hour", "%(n)d hours", n)),
        (60, lambda n: ngettext("%(n)d minute", "%(n)d minutes", n)),
    ):
        if seconds > size:
            count = -(-seconds // size)
            return words(count) % {"n": count}
    return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
