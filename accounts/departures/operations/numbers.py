"""Numbers that an account has left: kept as a keyed hash, so that none brings a welcome grant a second time."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from accounts.departures import rules
from accounts.departures.models import ReleasedNumber
from config.lib.runtime import figures

_MONTH = timedelta(days=30)


def remember_number(number: str, *, at: datetime, **suspension: Any) -> None:
    """Keep for RELEASED_NUMBER_MONTHS that a number had an account, which was erased or has moved to another number.

    `suspension`: what else is to be remembered of an erased one (columns of ReleasedNumber); else what is known stays.
    """
    ReleasedNumber.objects.update_or_create(
        number_hash=rules.released_hash(number, pepper=settings.CODE_PEPPER),
        defaults={"forget_at": at + figures().RELEASED_NUMBER_MONTHS * _MONTH, "created_at": at, **suspension},
    )


def forget_released_numbers(*, at: datetime) -> int:
    """Forget the numbers that were kept long enough; how many."""
    return ReleasedNumber.objects.filter(forget_at__lte=at).delete()[0]
