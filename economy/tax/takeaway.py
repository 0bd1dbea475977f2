"""What the tax adds to a copy of a member's data."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F

from accounts.departures import parts
from accounts.departures.takeaway import values
from accounts.members.models import User
from economy.tax.models import TaxCollection


def register() -> None:
    """Add the part; called from `ready()`."""
    parts.register("taxes", _taxes, says="The tax you paid, week by week.")


def _taxes(member: User) -> Iterable[dict[str, Any]]:
    return values(
        TaxCollection.objects.filter(wallet__user=member).order_by("id"),
        "base",
        "tokens_taxed",
        "tax_bracket",
        "tax_rate",
        "balance_before",
        "balance_after",
        "created_at",
        week=F("run__period"),
    )
