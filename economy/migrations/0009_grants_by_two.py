import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import config.lib.ids
import config.lib.money


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0015_owing"),
        ("economy", "0008_runs_are_told"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GrantRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=config.lib.ids.uuid7,
                        editable=False,
                        help_text="Unique, time-ordered (UUIDv7).",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When it was made.",
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        default=django.utils.timezone.now,
                        editable=False,
                        help_text="When it was last changed; kept by a trigger.",
                    ),
                ),
                ("coins", config.lib.money.CoinsField(help_text="How many.")),
                ("reason", models.CharField(help_text="Why; the member reads it in the statement.", max_length=300)),
                (
                    "key",
                    models.UUIDField(
                        help_text="Of the form: a second press finds the first one's request.", unique=True
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("WAITING", "waiting for a second person"),
                            ("GRANTED", "granted"),
                            ("DECLINED", "declined"),
                        ],
                        default="WAITING",
                        help_text="Where it stands.",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, help_text="When.", null=True)),
                ("decision", models.CharField(blank=True, help_text="Why it was granted or declined.", max_length=300)),
                (
                    "asked_by",
                    models.ForeignKey(
                        help_text="The admin who asks.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="The other admin who granted or declined it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "wallet",
                    models.ForeignKey(
                        help_text="Whose coins they become.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.wallet",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "WAITING")), fields=["-id"], name="economy_grantrequest_waiting"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("coins__gt", 0)), name="economy_grantrequest_coins"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by", None), ("status", "WAITING")),
                            models.Q(
                                models.Q(("decided_by", models.F("asked_by")), _negated=True),
                                models.Q(("decided_by", None), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="economy_grantrequest_two_persons",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="grantrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="updated_at",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    execute="civitas_touch()",
                    func="NEW.updated_at = now(); RETURN NEW;",
                    hash="a3efc100c63b2bc087a41f1d709083bf1303b117",
                    operation="UPDATE",
                    pgid="pgtrigger_updated_at_948bf",
                    table="economy_grantrequest",
                    when="BEFORE",
                ),
            ),
        ),
    ]
