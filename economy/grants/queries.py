"""Reads about grants."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Sum

from accounts.members.models import User
from config.lib.ids import first_id_at
from config.lib.money import ZERO
from economy.grants.models import GrantRequest
from economy.ledger.models import Posting, Transfer, TransferKind

REFERENCE = "grant request"  # of a transfer that two persons made


def granted_alone(staff: User, *, at: datetime) -> Decimal:
    """Coins that someone of the staff has granted by themselves in the 24 hours before."""
    since = first_id_at(at - timedelta(hours=24))
    alone = Transfer.objects.filter(kind=TransferKind.STAFF_GRANT, pk__gte=since, actor=staff)
    lines = Posting.objects.filter(
        pk__gte=since, transfer__in=alone.exclude(reference_type=REFERENCE).values("pk"), wallet__isnull=False
    )
    return lines.aggregate(coins=Sum("amount"))["coins"] or ZERO


def waiting_requests(*, most: int) -> int:
    """How many grants wait for a second person; counted up to `most`."""
    return len(GrantRequest.objects.filter(status=GrantRequest.Status.WAITING).values("pk")[:most])
