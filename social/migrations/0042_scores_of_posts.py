from typing import Any

from django.db import migrations

AT_ONCE = 10_000


def score(apps: Any, schema_editor: Any) -> None:
    """Have the trigger write the scores of posts that were tipped before it was there; chunks commit one by one."""
    after = "00000000-0000-0000-0000-000000000000"
    with schema_editor.connection.cursor() as cursor:
        while after is not None:
            cursor.execute(
                """
                WITH next AS (
                  SELECT p.id FROM social_post p
                    WHERE p.id > %s::uuid AND (p.engagement_velocity > 0 OR p.queue_level >= 2)
                    ORDER BY p.id LIMIT %s FOR NO KEY UPDATE
                ), scored AS (
                  UPDATE social_post p SET engagement_velocity = p.engagement_velocity
                    FROM next WHERE p.id = next.id RETURNING p.id
                )
                SELECT s.id FROM scored s ORDER BY s.id DESC LIMIT 1
                """,
                [after, AT_ONCE],
            )
            row = cursor.fetchone()
            after = row[0] if row else None


class Migration(migrations.Migration):
    """Posts of before get their scores."""

    atomic = False

    dependencies = [("social", "0041_queue")]

    operations = [migrations.RunPython(score, migrations.RunPython.noop)]
