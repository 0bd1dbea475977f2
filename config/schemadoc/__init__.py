"""docs/SCHEMA.md: the database as it is, told from the catalogue of PostgreSQL, the models and the migrations.

The catalogue says what is exact (types, constraints, indexes, triggers, functions); the models say what it means
(docstrings, help texts). Nothing in the text depends on the hour, on the data, or on which months' partitions exist,
so that two runs over one tree give one text.
"""

from pathlib import Path

from django.conf import settings

# Our own apps, in the order of the house: those who decide come last.
HOUSES = ("config", "accounts", "economy", "social", "marketplace", "governance")
ROOT = Path(settings.BASE_DIR)
SCHEMA = ROOT / "docs" / "SCHEMA.md"
