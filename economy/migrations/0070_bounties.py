from decimal import Decimal

from django.db import migrations, models

import config.lib.money
from config.lib.sql import run_file

# Words alone: the tables do not change.
_FUNDS = [
    ("issuance", "issuance"),
    ("treasury", "treasury"),
    ("content", "tips and bounties on content"),
    ("orders", "orders in their refund window"),
    ("burned", "burned"),
    ("payout", "paid out"),
]
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
    ("BOUNTY", "Bounty"),
    ("BOUNTY_AWARD", "Bounty received"),
    ("BOUNTY_RETURN", "Bounty returned"),
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
    """Bounties are kinds of movement."""

    dependencies = [("economy", "0067_wishes_in_pieces")]

    operations = [
        *(
            migrations.AlterField(
                model_name=model,
                name="on_content",
                field=config.lib.money.CoinsField(
                    default=Decimal("0.00"), help_text="Tips inside their refund window, and open bounties."
                ),
            )
            for model in ("economysnapshot", "systemstate")
        ),
        migrations.AlterField(
            model_name="fundbalance",
            name="fund",
            field=models.CharField(
                choices=_FUNDS, help_text="Which fund.", max_length=10, primary_key=True, serialize=False
            ),
        ),
        migrations.AlterField(
            model_name="fundentry",
            name="fund",
            field=models.CharField(choices=_FUNDS, help_text="Which fund.", max_length=10),
        ),
        migrations.AlterField(
            model_name="posting",
            name="fund",
            field=models.CharField(choices=_FUNDS, help_text="Or which fund.", max_length=10, null=True),
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
        run_file(__file__, "0070_bounties"),
    ]
