from decimal import Decimal

import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.db import migrations, models

import config.lib.ids
import config.lib.money
from config.lib.sql import run_file

# As the statement calls them; words alone, the tables do not change.
_KINDS = [
    ("SIGNUP_GRANT", "Welcome grant"),
    ("STAFF_GRANT", "Grant by staff"),
    ("DEPOSIT", "Deposit"),
    ("TIP", "Tip"),
    ("TIP_REFUND", "Tip returned"),
    ("TIP_SETTLEMENT", "Tip received"),
    ("COMMENT_FEE", "Paid comment"),
    ("POST_FEE", "Rapid post"),
    ("BOOST", "Boost"),
    ("GIFT", "Gift"),
    ("TAX", "Weekly tax"),
    ("STIPEND", "Weekly stipend"),
    ("REWARD", "Reward"),
    ("PURCHASE", "Purchase"),
    ("PURCHASE_REFUND", "Purchase refunded"),
    ("SALE_SETTLEMENT", "Sale settled"),
    ("WITHDRAWAL", "Withdrawal"),
    ("DEPOSIT_FORFEITED", "Proposal deposit forfeited"),
    ("TREASURY_PAYMENT", "Payment from the treasury"),
    ("LEFT_BEHIND", "Left to the treasury"),
    ("CORRECTION", "Correction"),
]


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
        *(
            migrations.AlterField(
                model_name=model,
                name="kind",
                field=models.CharField(choices=_KINDS, help_text=words, max_length=20),
            )
            for model, words in (
                ("posting", "The transfer's kind, for filters."),
                ("transfer", "What it is; the source's type."),
            )
        ),
        run_file(__file__, "0040_statement"),
    ]
