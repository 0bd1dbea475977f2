"""The bones of every table: time-ordered ids, and times that the database keeps."""

import pgtrigger
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from config.lib.ids import uuid7


class UpdatedAt(pgtrigger.Trigger):
    """`updated_at` follows every change, bulk updates and psql included; an UPDATE that changes nothing leaves it."""

    name = "updated_at"
    when = pgtrigger.Before
    operation = pgtrigger.Update
    condition = pgtrigger.AnyChange()
    func = "NEW.updated_at = now(); RETURN NEW;"

    def render_execute(self, model: models.Model) -> str:
        """One function for all tables; the library's own asks per row whether it is to be ignored, which costs more."""
        return "civitas_touch()"


class Row(models.Model):
    """A table row: a UUIDv7 made by the application, and the time it was made."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False, help_text="Unique, time-ordered (UUIDv7).")
    created_at = models.DateTimeField(
        default=timezone.now, db_default=Now(), editable=False, help_text="When it was made."
    )

    class Meta:
        abstract = True


class ChangingRow(Row):
    """A row that changes: the database keeps the time of its last change."""

    updated_at = models.DateTimeField(
        default=timezone.now,
        db_default=Now(),
        editable=False,
        help_text="When it was last changed; kept by a trigger.",
    )

    class Meta:
        abstract = True
        triggers = [UpdatedAt()]
