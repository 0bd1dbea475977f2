"""SQL objects live beside their migration: `NNNN_name.sql` makes them, `NNNN_name.reverse.sql` takes them back."""

from pathlib import Path

from django.db import migrations


def run_file(migration: str, name: str) -> migrations.RunSQL:
    """The operation for `<name>.sql` and `<name>.reverse.sql` in the folder of the migration (`__file__`)."""
    folder = Path(migration).parent
    return migrations.RunSQL(
        sql=(folder / f"{name}.sql").read_text(),
        reverse_sql=(folder / f"{name}.reverse.sql").read_text(),
    )
