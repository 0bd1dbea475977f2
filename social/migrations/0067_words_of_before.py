from typing import Any

from django.db import migrations

_AT_ONCE = 500
_FIRST = "00000000-0000-0000-0000-000000000000"


def find_all(_apps: Any, schema_editor: Any) -> None:
    """The words of what was there before, some hundred rows at a time, each a transaction of its own."""
    for name in ("social_find_posts", "social_find_comments", "social_find_pages"):
        last: Any = _FIRST
        while last is not None:
            with schema_editor.connection.cursor() as cursor:
                cursor.execute(f"SELECT {name}(%s::uuid, %s)", [last, _AT_ONCE])
                (last,) = cursor.fetchone()


class Migration(migrations.Migration):
    """Posts, comments and pages of before can be found as well. Safe to run again after it was stopped."""

    atomic = False

    dependencies = [("social", "0066_words_found")]

    operations = [migrations.RunPython(find_all, migrations.RunPython.noop)]
