import logging
from typing import Any

from django.db import DatabaseError, migrations

log = logging.getLogger(__name__)

_INDEXES = {
    "social_hashtag_similar": "social_hashtag USING gin (name gin_trgm_ops)",
    "accounts_page_similar": "accounts_page USING gin (username gin_trgm_ops)",
}


def know_similar_names(_apps: Any, schema_editor: Any) -> None:
    """Where the server brings pg_trgm, names that are written a little differently are found by it."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm')")
        if not cursor.fetchone()[0]:
            return
        try:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except DatabaseError as why:
            log.warning("pg_trgm is left out, ask an administrator of the database for it: %s", why)
            return
        for name, where in _INDEXES.items():
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            cursor.execute(f"CREATE INDEX CONCURRENTLY {name} ON {where}")


def forget_them(_apps: Any, schema_editor: Any) -> None:
    """The indexes go; the extension stays, others may use it."""
    with schema_editor.connection.cursor() as cursor:
        for name in _INDEXES:
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


class Migration(migrations.Migration):
    """Typing errors in names, where the server can compare them (docs/decisions: search)."""

    atomic = False

    dependencies = [("social", "0068_word_indexes")]

    operations = [migrations.RunPython(know_similar_names, forget_them)]
