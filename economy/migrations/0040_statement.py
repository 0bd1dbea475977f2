from decimal import Decimal

import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.db import migrations, models

import config.lib.ids
import config.lib.money
from config.lib.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0019_numbers_looked_at"),
        ("economy", "0032_signals"),
    ]

    operations = [
        migrations.AddField(
            model_name="economysnapshot",
            name="stipend",
            field=config.lib.money.CoinsField(
                db_default=Decimal("0.00"), default=Decimal("0.00"), help_text="Stipends that were paid that day."
            ),
        ),
        migrations.AddField(
            model_name="economysnapshot",
            name="tax",
            field=config.lib.money.CoinsField(
                db_default=Decimal("0.00"), default=Decimal("0.00"), help_text="Tax that was collected that day."
            ),
        ),
        migrations.AddField(
            model_name="stipendrun",
            name="total_base",
            field=config.lib.money.CoinsField(
                db_default=Decimal("0.00"),
                default=Decimal("0.00"),
                help_text="The base in it, once the run is complete.",
            ),
        ),
        migrations.AddField(
            model_name="stipendrun",
            name="total_engagement",
            field=config.lib.money.CoinsField(
                db_default=Decimal("0.00"), default=Decimal("0.00"), help_text="The engagement bonuses in it."
            ),
        ),
        migrations.AddField(
            model_name="stipendrun",
            name="total_new_member",
            field=config.lib.money.CoinsField(
                db_default=Decimal("0.00"), default=Decimal("0.00"), help_text="The new-member bonuses in it."
            ),
        ),
        migrations.AddField(
            model_name="taxrun",
            name="by_bracket",
            field=models.JSONField(
                db_default=models.Value({}, output_field=models.JSONField()),
                default=dict,
                help_text="Members by the highest bracket that each reached, once the run is complete.",
            ),
        ),
        migrations.CreateModel(
            name="Leader",
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
                    "board",
                    models.CharField(
                        choices=[("WALLETS", "largest wallets"), ("EARNERS", "earned most this week")],
                        help_text="Which table.",
                        max_length=10,
                    ),
                ),
                ("place", models.PositiveIntegerField(help_text="Place among those that were found, from 1.")),
                (
                    "amount",
                    config.lib.money.CoinsField(
                        help_text="What it is ranked by: its balance, or what it earned since Monday."
                    ),
                ),
                (
                    "wallet",
                    models.ForeignKey(
                        help_text="Whose wallet.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.wallet",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("board", "place"), name="economy_leader_place")],
            },
        ),
        run_file(__file__, "0040_statement"),
    ]
