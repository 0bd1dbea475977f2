"""The stipend as a stage of the weekly cycle."""

from datetime import datetime
from typing import Any

from config.lib import cycle
from config.lib.periods import Period
from config.lib.runtime import figures
from economy.stipend import operations, queries
from economy.tax import queries as tax


class StipendStage:
    """Last of the week's stages: its budget counts the tax of the same week."""

    name = "stipend"
    order = 30

    def is_done(self, period: Period) -> bool:
        return queries.is_paid(period)

    def run(self, *, period: Period, end: datetime, at: datetime, progress: cycle.Progress) -> dict[str, Any]:
        run = operations.pay_stipends(
            period=period, end=end, at=at, progress=lambda done, total: progress(self.name, done, total)
        )
        return {"members": run.members, "wanted": run.total_wanted, "budget": run.budget, "paid": run.total_paid}

    def preview(self, *, period: Period, end: datetime, at: datetime) -> dict[str, Any]:
        tax_to_come = tax.preview(period=period, end=end, basis=figures().TAX_BASE).tax
        seen = queries.preview(period=period, end=end, tax_to_come=tax_to_come)
        return {"members": seen.members, "wanted": seen.wanted, "budget": seen.budget, "paid": seen.paid}


def register() -> None:
    """Take part in the weekly cycle; called from the app's `ready()`."""
    cycle.add_stage(StipendStage())
