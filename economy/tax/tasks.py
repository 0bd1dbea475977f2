"""The tax as a stage of the weekly cycle."""

from datetime import datetime
from typing import Any

from config.lib import cycle
from config.lib.periods import Period
from config.lib.runtime import figures
from economy.tax import operations, queries


class TaxStage:
    """Second of the week's stages: after decay, before the stipend that it pays for."""

    name = "tax"
    order = 20

    def is_done(self, period: Period) -> bool:
        return queries.is_collected(period)

    def run(self, *, period: Period, end: datetime, at: datetime, progress: cycle.Progress) -> dict[str, Any]:
        run = operations.collect_taxes(
            period=period, end=end, at=at, progress=lambda done, total: progress(self.name, done, total)
        )
        return {"members": run.members, "payers": run.payers, "base": run.total_base, "tax": run.total_tax}

    def preview(self, *, period: Period, end: datetime, at: datetime) -> dict[str, Any]:
        seen = queries.preview(period=period, end=end, basis=figures().TAX_BASE)
        return {"members": seen.members, "payers": seen.payers, "base": seen.base, "tax": seen.tax}


def register() -> None:
    """Take part in the weekly cycle; called from the app's `ready()`."""
    cycle.add_stage(TaxStage())
