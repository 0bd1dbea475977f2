"""What `manage.py check --database default` looks at in the database itself."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connection

from config.lib import walls


@register(Tags.database)
def wall_stands(databases: Sequence[str] | None = None, **given: Any) -> list[CheckMessage]:
    """Members' postings should be read behind row-level security. Tables that are not there yet need none."""
    if "default" not in (databases or ()) or not walls.guarded <= set(connection.introspection.table_names()):
        return []
    if walls.is_built():
        return []
    return [Warning("Members' postings are read without row-level security.", hint=walls.HINT, id="civitas.W001")]
