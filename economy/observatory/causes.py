"""What the weekly runs tell the statement: a tax or a stipend leads to its week, with one's own figures filled in."""

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from economy.ledger import causes
from economy.stipend.models import StipendRun
from economy.tax.models import TaxRun


def register() -> None:
    """Add them; called from `ready()`."""
    causes.register("tax_run", _taxes)
    causes.register("stipend_run", _stipends)


def _taxes(ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    return {pk: _named(period) for pk, period in TaxRun.objects.filter(pk__in=ids).values_list("pk", "period")}


def _stipends(ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    return {pk: _named(period) for pk, period in StipendRun.objects.filter(pk__in=ids).values_list("pk", "period")}


def _named(period: str) -> tuple[str, str]:
    return _("week %(week)s") % {"week": period}, f"{reverse('economy:weekly_run', args=[period])}#mine"
