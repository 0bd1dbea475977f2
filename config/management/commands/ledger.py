"""`manage.py ledger check`: proves the invariants of the ledger on one snapshot of the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from economy.ledger import queries


class Command(BaseCommand):
    help = "Prove the invariants of the ledger; exit 1 and the offending rows when one does not hold."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        check = actions.add_parser("check", help="prove the invariants")
        check.add_argument("--rows", type=int, default=20, help="how many offending rows to show of each (20)")

    def handle(self, *args: Any, **options: Any) -> None:
        found = queries.violations(most_rows=options["rows"])
        broken = {violation.says for violation in found}
        for number, says in queries.checks():
            mark = self.style.ERROR("broken") if says in broken else self.style.SUCCESS("holds ")
            self.stdout.write(f"{mark}  {number}. {says}")
        for violation in found:
            self.stdout.write(self.style.ERROR(f"  {violation.says}: {violation.row}"))
        if found:
            raise CommandError(f"{len(broken)} of {len(queries.checks())} checks found rows that should not be.")
        self.stdout.write(f"All {len(queries.checks())} checks hold.")
