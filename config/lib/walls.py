"""Whom a transaction serves, said to the database: behind this wall it shows one member's rows, whatever is asked.

The role and the member are set for one transaction (`set_config(…, true)`), so that a connection which goes back to the
pool takes neither along. `manage.py roles` makes the role; docs/decisions/0018-row-level-security.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction

SERVING = "civitas_member"  # reads what a member may read


@contextmanager
def seen_by(member_id: UUID | None) -> Iterator[None]:
    """A transaction that reads as a member (None: as nobody, who owns nothing). It cannot write.

    Not inside another `seen_by`, nor around the writing of anything. A role that is missing is a ProgrammingError: who
    has asked for the wall does not get in without it.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('role', %s, true), set_config('civitas.member', %s, true)",
                [SERVING, str(member_id or "")],
            )
        try:
            yield
        finally:
            # In a transaction around this one the settings would stay; a transaction that has failed loses them itself.
            if not connection.needs_rollback and not connection.errors_occurred:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('role', 'none', true), set_config('civitas.member', '', true)")
