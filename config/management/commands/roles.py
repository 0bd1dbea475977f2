"""`manage.py roles`: makes the database's roles and says what each may. `up` does the same at each start.

civitas_readonly reads everything, civitas_readwrite also writes, but not what is append-only; civitas_admin may become
the owner; civitas_member reads the postings of the member it serves (row-level security) and is what `config.lib.walls`
works as. None may log in: grant them to those who do. Needs a role that may make roles; `--sql` prints it for one.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import roles


class Command(BaseCommand):
    help = "Make the roles civitas_readonly, civitas_readwrite, civitas_admin and civitas_member, and their rights."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sql", action="store_true", help="print the statements instead of running them")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["sql"]:
            self.stdout.write(";\n".join(roles.statements()) + ";")
            return
        try:
            roles.make()
        except roles.MayNotMakeRoles as why:
            raise CommandError(
                f"{why}. Let a role that may make roles run the output of `manage.py roles --sql`."
            ) from why
        self.stdout.write(f"The roles are there: {', '.join(roles.ROLES)}.")
