"""One call of a SQL function, prepared: the database reads and plans it once per connection instead of every time.

Django binds values on the client and prepares nothing, which for a movement of coins costs a quarter of the whole.
"""

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import Cursor


def one_row(statement: str, values: Sequence[Any]) -> tuple[Any, ...]:
    """The one row that a statement answers with. Each value needs a cast in the statement (`%s::uuid`).

    Goes the ordinary way when someone listens to statements (tests that count them, DEBUG, instrumentation), and behind
    a pooler that lends a connection per transaction, which Django calls DISABLE_SERVER_SIDE_CURSORS.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if (
        any(not getattr(wrapper, "lets_calls_pass", False) for wrapper in connection.execute_wrappers)
        or connection.queries_logged
        or connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
    ):
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchone()
    # What `connection.cursor()` does first, without the two cursors that it wraps around each other.
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors, Cursor(connection.connection) as prepared:
        row = prepared.execute(statement, values, prepare=True).fetchone()
        if row is None:
            raise LookupError("the statement answered with no row")
        return row
