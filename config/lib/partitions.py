"""Tables partitioned by month, on nothing but their time-ordered ids.

`PARTITION BY RANGE (id)` with UUIDv7 keeps a one-column primary key, so foreign keys, look-ups and the admin work as on
any table, and a range of ids is a range of time. A DEFAULT partition catches what no month holds; it must stay empty,
because a row in it blocks the making of its month later (`doctor` looks at it).
"""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, migrations, transaction

log = logging.getLogger(__name__)

AHEAD = 3  # months made ahead

_MONTHLY: set[str] = set()


class CreateMonthlyModel(migrations.CreateModel):
    """CreateModel whose table is partitioned by month of its UUIDv7 `id`, with a DEFAULT partition."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        plain = schema_editor.sql_create_table
        schema_editor.sql_create_table = f"{plain} PARTITION BY RANGE (id)"
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            schema_editor.sql_create_table = plain
        table = to_state.apps.get_model(app_label, self.name)._meta.db_table
        schema_editor.execute(f'CREATE TABLE "{table}_default" PARTITION OF "{table}" DEFAULT')


class AddMonthlyIndex(migrations.AddIndex):
    """AddIndex on a table of months, built month by month beside its writers; the migration must not be atomic.

    PostgreSQL builds an index on all partitions at once only under a lock that keeps writers out. Interrupted, it
    begins again with the month that it was at.
    """

    atomic = False

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        quote = schema_editor.quote_name
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
                " WHERE i.inhparent = to_regclass(%s) ORDER BY c.relname",
                [model._meta.db_table],
            )
            months = [month for (month,) in cursor.fetchall()]
        whole: Any = self.index.create_sql(model, schema_editor)
        whole.parts["table"] = f"ONLY {quote(model._meta.db_table)}"
        schema_editor.execute(f"DROP INDEX IF EXISTS {quote(self.index.name)}")
        schema_editor.execute(str(whole))
        for month in months:
            name = quote(f"{self.index.name}{month.removeprefix(model._meta.db_table)}")
            part: Any = self.index.create_sql(model, schema_editor)
            part.parts["table"], part.parts["name"] = quote(month), name
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")  # a broken one of an earlier attempt
            schema_editor.execute(str(part).replace("CREATE INDEX", "CREATE INDEX CONCURRENTLY", 1))
            schema_editor.execute(f"ALTER INDEX {quote(self.index.name)} ATTACH PARTITION {name}")


def is_monthly(table: str) -> None:
    """Say that a table is partitioned by month, so that the job makes its months ahead; called from `ready()`."""
    _MONTHLY.add(table)


def make_months(*, first: datetime, last: datetime, tables: set[str] | None = None) -> int:
    """Make the months from the one of `first` to the one of `last`, where missing. How many partitions were made.

    Each is built beside the table and attached, so that readers and writers of the table go on meanwhile. A month that
    cannot be made, because rows of it came before it and lie in DEFAULT, keeps neither other months nor other tables
    from theirs; the desk of the admin tells of its rows.
    """
    made = 0
    month = _month_of(first)
    while month <= _month_of(last):
        following = _next(month)
        for table in sorted(tables or _MONTHLY):
            made += _make_month(table, month, following)
        month = following
    return made


def _make_month(table: str, month: datetime, following: datetime) -> int:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT civitas_make_month(%s, %s, %s)", [table, month, following])
            return int(cursor.fetchone()[0])
    except IntegrityError:
        log.exception("the month %s of %s has rows in DEFAULT, and stays there", f"{month:%Y-%m}", table)
        return 0


def make_months_ahead(at: datetime) -> int:
    """This month and the next AHEAD ones, for all monthly tables."""
    last = _month_of(at)
    for _step in range(AHEAD):
        last = _next(last)
    return make_months(first=at, last=last)


def drop_months(table: str, *, kept: int, at: datetime) -> int:
    """Detach and drop the months of a table that ended more than `kept` months before; how many. 0 keeps all."""
    if kept <= 0:
        return 0
    oldest = _month_of(at)
    for _step in range(kept):
        oldest = _month_of(oldest - timedelta(days=1))
    dropped = 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE i.inhparent = to_regclass(%s) AND c.relname ~ '_y[0-9]{4}m[0-9]{2}$' ORDER BY c.relname",
            [table],
        )
        for (month,) in cursor.fetchall():
            if datetime.strptime(month[-8:], "y%Ym%m").replace(tzinfo=UTC) < oldest:
                parent, child = connection.ops.quote_name(table), connection.ops.quote_name(month)
                with transaction.atomic():
                    # A reader of the table is waited for, but not for long: the next run tries again.
                    cursor.execute("SET LOCAL lock_timeout = '2s'")
                    cursor.execute(f"ALTER TABLE {parent} DETACH PARTITION {child}")
                    cursor.execute(f"DROP TABLE {child}")
                dropped += 1
    return dropped


def _month_of(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _next(month: datetime) -> datetime:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
