from uuid import UUID

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q

_AT_ONCE = 5000

# Up from each answer to the first one that knows its thread, or is the root of it.
_ROOT = """
    WITH RECURSIVE up(id, above) AS (
      SELECT c.id, c.parent_id FROM social_comment c WHERE c.id = ANY (%s)
      UNION ALL
      SELECT up.id, p.parent_id FROM up JOIN social_comment p ON p.id = up.above
        WHERE p.parent_id IS NOT NULL AND p.root_id IS NULL
    )
    UPDATE social_comment c SET root_id = coalesce(p.root_id, p.id)
      FROM up JOIN social_comment p ON p.id = up.above AND (p.parent_id IS NULL OR p.root_id IS NOT NULL)
      WHERE c.id = up.id
"""


def find_roots(apps, schema_editor):
    """By id and so by time: what an answer answers has found its root before it."""
    last = UUID(int=0)
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT id FROM social_comment WHERE id > %s AND parent_id IS NOT NULL AND root_id IS NULL"
                " ORDER BY id LIMIT %s",
                [last, _AT_ONCE],
            )
            ids = [row[0] for row in cursor.fetchall()]
            if not ids:
                return
            cursor.execute(_ROOT, [ids])
            last = ids[-1]


class Migration(migrations.Migration):
    """Answers that were there before find their thread, beside readers and writers."""

    atomic = False

    dependencies = [("social", "0050_threads_are_kept")]

    operations = [
        migrations.RunPython(find_roots, migrations.RunPython.noop),
        AddConstraintNotValid(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=Q(parent=None, root=None) | Q(parent__isnull=False, root__isnull=False),
                name="social_comment_rooted",
            ),
        ),
        ValidateConstraint(model_name="comment", name="social_comment_rooted"),
        AddIndexConcurrently(
            model_name="comment",
            index=models.Index(fields=["post", "id"], name="social_comment_threads", condition=Q(parent=None)),
        ),
    ]
