from django.conf import settings
from django.db import models

from config.lib.rows import Row


class AuditLog(Row):
    """One change of a watched table, or one act that matters; partitioned by month, never changed."""

    action = models.CharField(max_length=40, help_text="INSERT, UPDATE, DELETE of a row, or the act: sign-in, export …")
    entity_type = models.CharField(max_length=60, help_text="The table, or the kind of thing acted on.")
    entity_id = models.CharField(max_length=100, blank=True, help_text="Its primary key, as text.")
    old_values = models.JSONField(null=True, blank=True, help_text="Watched columns before; secrets left out.")
    new_values = models.JSONField(null=True, blank=True, help_text="Watched columns after, or the act's particulars.")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
        db_index=False,
        help_text="Who acted; empty for jobs, commands and psql.",
    )
    page = models.ForeignKey(
        "accounts.Page",
        models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
        db_index=False,
        help_text="The page they acted as.",
    )
    ip_address = models.GenericIPAddressField(null=True, blank=True, help_text="From which address.")
    user_agent = models.CharField(max_length=300, blank=True, default="", help_text="With which program.")
    reason = models.CharField(max_length=300, blank=True, default="", help_text="Why, where a reason was asked for.")

    class Meta:
        verbose_name_plural = "audit log"
        indexes = [
            models.Index(fields=["account", "-id"], name="accounts_auditlog_account"),
            models.Index(fields=["page"], name="accounts_auditlog_page"),
            models.Index(fields=["entity_type", "entity_id", "-id"], name="accounts_auditlog_entity"),
            models.Index(fields=["action", "-id"], name="accounts_auditlog_action"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.entity_type}"


class AdminAction(Row):
    """What someone of the staff did to what, and why; never changed."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="admin_actions",
        db_index=False,
        help_text="Who of the staff.",
    )
    action = models.CharField(max_length=40, help_text="What was done: suspend, ban, grant …")
    target_type = models.CharField(max_length=60, help_text="The kind of thing it was done to.")
    target_id = models.CharField(max_length=100, blank=True, help_text="Its primary key, as text.")
    reason = models.CharField(max_length=300, help_text="Why.")
    details = models.JSONField(default=dict, blank=True, help_text="Particulars, such as the role or the end date.")
    ip_address = models.GenericIPAddressField(null=True, blank=True, help_text="From which address.")
    user_agent = models.CharField(max_length=300, blank=True, default="", help_text="With which program.")

    class Meta:
        indexes = [
            models.Index(fields=["staff", "-id"], name="accounts_adminaction_staff"),
            models.Index(fields=["target_type", "target_id", "-id"], name="accounts_adminaction_target"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target_type}"
