"""`manage.py schemadoc`: writes docs/SCHEMA.md, or says what is stale in it."""

from argparse import ArgumentParser
from difflib import unified_diff
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.schemadoc import ROOT, SCHEMA, document, facts, scratch

_MOST_LINES = 40


class Command(BaseCommand):
    help = (
        "Write docs/SCHEMA.md from the database, the models and the migrations. A database that is behind its "
        "migrations is not read; a scratch one is made and dropped."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="Write nothing; exit 1 when the document is stale or a table or column lacks a description.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if scratch.is_behind():
            self.stderr.write("The database is behind its migrations; a scratch one is read instead.")
            with scratch.database():
                known = facts.gather()
        else:
            known = facts.gather()
        text = document.written(known)
        if options["check"]:
            self._check(text, known)
            return
        SCHEMA.write_text(text)
        self.stdout.write(f"{SCHEMA.relative_to(ROOT)}: {len(known.tables)} tables.")
        self._tell(known)

    def _check(self, text: str, known: facts.Facts) -> None:
        """Say what is stale and what is missing. May refuse with CommandError."""
        kept = SCHEMA.read_text() if SCHEMA.exists() else ""
        if kept != text:
            stale = unified_diff(kept.splitlines(), text.splitlines(), "kept", "as it is", n=0, lineterm="")
            for line in islice(stale, _MOST_LINES):
                self.stderr.write(line)
        self._tell(known)
        if kept != text:
            raise CommandError(f"{SCHEMA.relative_to(ROOT)} is stale: run `make schema`.")
        if known.missing():
            raise CommandError(f"{len(known.missing())} descriptions are missing.")
        self.stdout.write(f"{SCHEMA.relative_to(ROOT)} tells the schema as it is.")

    def _tell(self, known: facts.Facts) -> None:
        for table, column, issue in known.missing():
            self.stderr.write(f"{table}.{column}: {issue}" if column != "-" else f"{table}: {issue}")
