from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.lib import cycle
from config.lib.periods import Period
from config.lib.refusals import Refused

_BAD_USAGE = 2


class Command(BaseCommand):
    help = (
        "The weekly cycle by hand: decay, tax and stipend of the weeks that are over. Safe to repeat and to interrupt."
    )
    requires_system_checks: list[str] = []  # a page that is broken must not keep the week from being closed

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        run = actions.add_parser(
            "run", help="Run what is missing: of the week named, or of all full weeks up to the last one, oldest first."
        )
        run.add_argument("--period", help="One ISO week, such as 2026-W47.")
        run.add_argument("--only", help="Stages to run, separated by commas: decay,tax,stipend. All, if not given.")
        run.add_argument("--dry-run", action="store_true", help="Say what would be done, and write nothing.")
        run.add_argument("--early", action="store_true", help="Take now as the week's end (only with DJANGO_DEBUG).")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["early"] and not settings.DEBUG:
            raise CommandError(
                "--early works in DEBUG only: a week that is not over is not collected.", returncode=_BAD_USAGE
            )
        at = timezone.now()
        only = _names(options["only"])
        try:
            if options["period"]:
                periods = [Period.parse(options["period"])]
            else:
                periods = self._due(at, only, early=options["early"])
            outcomes = cycle.run(
                periods=periods,
                at=at,
                only=only,
                early=options["early"],
                dry_run=options["dry_run"],
                progress=self._progress,
            )
        except (ValueError, cycle.UnknownStage) as why:
            raise CommandError(str(why), returncode=_BAD_USAGE) from None
        except Refused as why:
            raise CommandError(str(why)) from None
        self._report(outcomes, is_dry=options["dry_run"])

    def _due(self, at: Any, only: Iterable[str] | None, *, early: bool) -> list[Period]:
        """The weeks that nobody has named: what is due, or else the last full one, to show that it is done."""
        due = cycle.due_periods(at, only)
        if early:
            due.append(Period.of(at))
        return due or [week for week in (Period.last_full(at),) if cycle.has_begun(week)]

    def _progress(self, period: Period, stage: str, done: int, total: int) -> None:
        self.stdout.write(f"{period} {stage}: {done:,} of {total:,}")
        self.stdout.flush()

    def _report(self, outcomes: Sequence[cycle.Outcome], *, is_dry: bool) -> None:
        if not outcomes:
            self.stdout.write("Nothing to run: nobody had joined before the last full week ended.")
            return
        if is_dry:
            self.stdout.write("Dry run: this is what would be done. Nothing was written.")
        rows = [("week", "stage", "totals", "")]
        for outcome in outcomes:
            if is_dry:
                remark = "nothing left to do" if outcome.was_done else "to do"
            else:
                remark = "was done before" if outcome.was_done else "done"
            rows.append((outcome.period.key, outcome.stage, _totals(outcome.totals), remark))
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        for row in rows:
            self.stdout.write("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())


def _names(only: str | None) -> list[str] | None:
    return None if only is None else [name.strip() for name in only.split(",") if name.strip()]


def _totals(totals: dict[str, Any]) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')} {value:,}" if not isinstance(value, str) else f"{name} {value}"
        for name, value in totals.items()
    )
