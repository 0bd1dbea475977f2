"""Writes of the observatory: the refreshed state and the daily snapshot. They move no coins."""

from dataclasses import asdict
from datetime import UTC, datetime

from economy.observatory import queries, rules
from economy.observatory.models import EconomySnapshot, SystemState


def note_job(*, name: str, at: datetime) -> None:
    """Remember when a job completed: tax_collection, stipend_distribution, decay_run, settlement, queue_update …"""
    SystemState.objects.get_or_create(id=1, defaults={"updated_at": at})
    SystemState.objects.filter(id=1).update(**{f"last_{name}_at": at})


def refresh_state(*, at: datetime) -> SystemState:
    """Write the state of the economy as it is now into its one row."""
    figures = asdict(queries.state(at))
    row, _is_new = SystemState.objects.update_or_create(id=1, defaults={**figures, "updated_at": at})
    return row


def take_snapshot(*, at: datetime) -> EconomySnapshot:
    """Keep the figures for the charts under the UTC day of `at`; a later one of the same day replaces it."""
    day = at.astimezone(UTC).date()
    curve = queries.lorenz()
    figures = {
        **asdict(queries.state(at)),
        "gini": rules.gini(curve),
        "lorenz": [[round(members, 5), round(coins, 5)] for members, coins in curve],
        "moved": queries.moved_on(day),
    }
    snapshot, _is_new = EconomySnapshot.objects.update_or_create(
        day=day, defaults=figures, create_defaults={**figures, "created_at": at}
    )
    note_job(name="analytics_update", at=at)
    return snapshot
