"""Filing posts under hashtags."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection


def file_post(*, post_id: UUID, names: Collection[str], at: datetime) -> None:
    """File a post under these hashtags (`rules.name_of`) and no others, last in the transaction that writes it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT social_file_post(%s::timestamptz, %s::uuid, %s::text[])", [at, post_id, sorted(set(names))]
        )
