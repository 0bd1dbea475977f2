from django.db import models
from django.db.models.functions import Lower

from accounts.members.models.member import Page
from config.lib.rows import Row


class FormerName(Row):
    """A username that a page gave up: it leads to the page, and nobody else may take it, until `kept_until`."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="former_names", help_text="Whose name it was.")
    username = models.CharField(max_length=30, help_text="The old name.")
    kept_until = models.DateTimeField(help_text="When it becomes free: 90 days after the change.")

    class Meta:
        constraints = [models.UniqueConstraint(Lower("username"), name="accounts_formername_once")]
        indexes = [models.Index(fields=["kept_until"], name="accounts_formername_kept")]

    def __str__(self) -> str:
        return f"@{self.username}"
