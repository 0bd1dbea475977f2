"""What withdrawals tell the statement: a line of one leads to its request."""

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from economy.ledger import causes
from economy.withdrawals.queries import REFERENCE


def register() -> None:
    """Add it; called from `ready()`."""
    causes.register(REFERENCE, _requests)


def _requests(ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    return {pk: (_("the request"), reverse("economy:withdrawal", args=[pk])) for pk in ids}
