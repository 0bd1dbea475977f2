"""Reads of signals."""

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext as _

from config.lib.runtime import figures
from economy.fraud import rules
from economy.fraud.models import EconomySignal, SignalMember


def open_signals(*, most: int) -> int:
    """How many wait for someone to look at them; counted up to `most`."""
    return len(EconomySignal.objects.filter(status=EconomySignal.Status.OPEN).values("pk")[:most])


def holding(members: Collection[UUID]) -> dict[UUID, str]:
    """Of these members, those whose withdrawals wait for a signal, and why: a sentence for staff. One query.

    Which kinds hold is the setting SIGNAL_KINDS_THAT_HOLD.
    """
    kinds = rules.kinds_in(figures().SIGNAL_KINDS_THAT_HOLD)
    found = SignalMember.objects.filter(
        user__in=members, signal__status=EconomySignal.Status.OPEN, signal__kind__in=kinds
    ).select_related("signal")
    return {
        row.user_id: _("a signal is to be looked at first: %(kind)s.") % {"kind": row.signal.get_kind_display()}
        for row in found
    }
