"""`manage.py roles`: makes the database's roles and says what each may. To be run again after an update.

civitas_readonly reads everything, civitas_readwrite also writes, but not what is append-only; civitas_admin may become
the owner; civitas_member reads the postings of the member it serves (row-level security) and is what `config.lib.walls`
works as. None may log in: grant them to those who do. Needs a role that may make roles; `--sql` prints it for one.
"""

from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from psycopg import sql

_ROLES = ("civitas_readonly", "civitas_readwrite", "civitas_admin", "civitas_member")
_APPEND_ONLY = ("economy_posting", "economy_transfer", "accounts_auditlog", "accounts_adminaction")

_MAKE = """
DO $$ BEGIN
  CREATE ROLE {role} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$"""


class Command(BaseCommand):
    help = "Make the roles civitas_readonly, civitas_readwrite, civitas_admin and civitas_member, and their rights."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sql", action="store_true", help="print the statements instead of running them")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = statements()
        if options["sql"]:
            self.stdout.write(";\n".join(wanted) + ";")
            return
        try:
            _run(wanted)
        except psycopg.errors.InsufficientPrivilege as why:
            raise CommandError(
                f"{why.diag.message_primary}. Let a role that may make roles run the output of `manage.py roles --sql`."
            ) from why
        self.stdout.write(f"The roles are there: {', '.join(_ROLES)}.")


def statements() -> list[str]:
    """All that is to be done, safe to repeat. Months are reached through their table alone, so they get no rights."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, current_user FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
            " AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1"
        )
        rows = cursor.fetchall()
    owner = rows[0][1] if rows else str(connection.settings_dict["USER"])
    tables = [name for name, _owner in rows]
    found = [_made(_MAKE.strip(), role=role) for role in _ROLES]
    found += [_made("GRANT USAGE ON SCHEMA public TO {role}", role=role) for role in _ROLES]
    for table in tables:
        rights = "SELECT, INSERT" if table in _APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE"
        found += [
            _made("GRANT SELECT ON {table} TO civitas_readonly", table=table),
            _made(f"GRANT {rights} ON {{table}} TO civitas_readwrite", table=table),
        ]
    found.append("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO civitas_readwrite")
    if "economy_posting" in tables:
        found += [
            "GRANT SELECT ON economy_posting TO civitas_member",
            "GRANT SELECT (id, user_id) ON accounts_wallet TO civitas_member",
            "DROP POLICY IF EXISTS economy_posting_all ON economy_posting",
            "CREATE POLICY economy_posting_all ON economy_posting TO civitas_readonly, civitas_readwrite"
            " USING (true) WITH CHECK (true)",
        ]
    return [
        *found,
        _made("GRANT {owner} TO civitas_admin", owner=owner),
        _made("GRANT civitas_member TO {owner}", owner=owner),
    ]


def _made(statement: str, **names: str) -> str:
    words = {name: sql.Identifier(word) for name, word in names.items()}
    return sql.SQL(statement).format(**words).as_string(None)


def _run(wanted: list[str]) -> None:
    """Run them in one transaction, as the embedded server's own superuser where it is ours."""
    given = connection.get_connection_params()
    user = given["user"] if settings.DATABASE_URL else "postgres"
    with (
        psycopg.connect(
            dbname=connection.settings_dict["NAME"],
            user=user,
            password=given.get("password"),
            host=given.get("host"),
            port=given.get("port"),
        ) as maker,
        maker.cursor() as cursor,
    ):
        # Two at once would change the same rows of the catalogue.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('civitas.roles', 0))")
        for statement in wanted:
            cursor.execute(statement.encode())
