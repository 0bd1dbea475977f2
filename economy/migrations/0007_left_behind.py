from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("economy", "0005_one_touch_for_all"),
    ]

    operations = [
        migrations.AlterField(
            model_name="posting",
            name="kind",
            field=models.CharField(
                choices=[
                    ("SIGNUP_GRANT", "Welcome grant"),
                    ("STAFF_GRANT", "Grant by staff"),
                    ("DEPOSIT", "Deposit"),
                    ("TIP", "Tip"),
                    ("TIP_REFUND", "Tip returned"),
                    ("TIP_SETTLEMENT", "Tip settled"),
                    ("COMMENT_FEE", "Comment"),
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
                ],
                help_text="The transfer's kind, for filters.",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="transfer",
            name="kind",
            field=models.CharField(
                choices=[
                    ("SIGNUP_GRANT", "Welcome grant"),
                    ("STAFF_GRANT", "Grant by staff"),
                    ("DEPOSIT", "Deposit"),
                    ("TIP", "Tip"),
                    ("TIP_REFUND", "Tip returned"),
                    ("TIP_SETTLEMENT", "Tip settled"),
                    ("COMMENT_FEE", "Comment"),
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
                ],
                help_text="What it is; the source's type.",
                max_length=20,
            ),
        ),
    ]
