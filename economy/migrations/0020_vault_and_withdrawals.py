import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import config.lib.crypto
import config.lib.ids
import config.lib.money
from config.lib.sql import run_file


class Migration(migrations.Migration):
    """Deposits in the vault, requests to be paid out, and the functions that lock, open and renew many at once."""

    dependencies = [
        ("accounts", "0019_numbers_looked_at"),
        ("economy", "0012_gifts_counted"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WithdrawalRequest",
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
                ("amount", config.lib.money.CoinsField(help_text="Coins that leave the wallet.")),
                ("fee", config.lib.money.CoinsField(help_text="What the treasury keeps of them.")),
                ("net_amount", config.lib.money.CoinsField(help_text="What is paid out: amount less fee.")),
                (
                    "tier",
                    models.CharField(
                        choices=[
                            ("BRONZE", "bronze"),
                            ("SILVER", "silver"),
                            ("GOLD", "gold"),
                            ("PLATINUM", "platinum"),
                            ("DIAMOND", "diamond"),
                        ],
                        help_text="The member's tier when asking.",
                        max_length=10,
                    ),
                ),
                (
                    "fee_rate",
                    models.DecimalField(decimal_places=4, help_text="Share kept, by that tier.", max_digits=5),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("BANK", "Bank transfer"),
                            ("PAYPAL", "PayPal"),
                            ("CRYPTO", "Blockchain address"),
                            ("GIFT_CARD", "Gift card"),
                        ],
                        help_text="How it is paid.",
                        max_length=10,
                    ),
                ),
                (
                    "details",
                    config.lib.crypto.SealedTextField(
                        blank=True,
                        help_text="Where to, as JSON; encrypted. Emptied when the member's account is erased.",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("PENDING", "waiting for staff"),
                            ("APPROVED", "approved, to be paid"),
                            ("PAID", "paid"),
                            ("REJECTED", "rejected"),
                            ("CANCELLED", "cancelled"),
                        ],
                        default="PENDING",
                        help_text="Where it stands.",
                        max_length=10,
                    ),
                ),
                ("reviewed_at", models.DateTimeField(blank=True, help_text="When.", null=True)),
                ("reason", models.CharField(blank=True, help_text="Why it was approved or rejected.", max_length=300)),
                ("paid_at", models.DateTimeField(blank=True, help_text="When it was marked as paid.", null=True)),
                (
                    "reference",
                    models.CharField(
                        blank=True, help_text="Of the payment: what the other side shows.", max_length=100
                    ),
                ),
                ("transfer_id", models.UUIDField(blank=True, help_text="The transfer that took the coins.", null=True)),
                (
                    "cancelled_at",
                    models.DateTimeField(
                        blank=True, help_text="When the member, or the end of their account, took it back.", null=True
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        help_text="The command's key: sent again, it finds this row.",
                        max_length=255,
                        null=True,
                    ),
                ),
                (
                    "lock",
                    models.OneToOneField(
                        help_text="What ties them up.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal_request",
                        to="economy.lock",
                    ),
                ),
                (
                    "payer",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who of the staff paid it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who of the staff approved or rejected it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "wallet",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Whose coins.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.wallet",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="VaultDeposit",
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
                ("source_transfer_id", models.UUIDField(help_text="The transfer that brought the earning.")),
                (
                    "source_kind",
                    models.CharField(help_text="What was earned: the kind of that transfer.", max_length=20),
                ),
                ("amount", config.lib.money.CoinsField(help_text="How many coins.")),
                ("unlock_at", models.DateTimeField(help_text="When they come free.")),
                (
                    "unlocked_at",
                    models.DateTimeField(blank=True, help_text="When they came free; empty while locked.", null=True),
                ),
                (
                    "lock",
                    models.OneToOneField(
                        help_text="What ties them up.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vault_deposit",
                        to="economy.lock",
                    ),
                ),
                (
                    "wallet",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Whose coins.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.wallet",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [models.Index(fields=["wallet", "-id"], name="economy_vaultdeposit_wallet")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="economy_vaultdeposit_amount")
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="vaultdeposit",
            trigger=pgtrigger.compiler.Trigger(
                name="updated_at",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    execute="civitas_touch()",
                    func="NEW.updated_at = now(); RETURN NEW;",
                    hash="1c771a8c3c033afbe74b779954e228c6622c0921",
                    operation="UPDATE",
                    pgid="pgtrigger_updated_at_8abb5",
                    table="economy_vaultdeposit",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="withdrawalrequest",
            index=models.Index(fields=["wallet", "-id"], name="economy_withdrawal_wallet"),
        ),
        migrations.AddIndex(
            model_name="withdrawalrequest",
            index=models.Index(
                condition=models.Q(("status__in", ["PENDING", "APPROVED"])),
                fields=["id"],
                name="economy_withdrawal_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawalrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount__gt", 0),
                    ("fee__gte", 0),
                    (
                        "net_amount",
                        django.db.models.expressions.CombinedExpression(models.F("amount"), "-", models.F("fee")),
                    ),
                    ("net_amount__gte", 0),
                ),
                name="economy_withdrawal_net",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawalrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["PENDING", "CANCELLED"]),
                    models.Q(
                        ("reviewed_at__isnull", False),
                        ("reviewer__isnull", False),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="economy_withdrawal_reviewed",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawalrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("paid_at__isnull", False),
                        ("payer__isnull", False),
                        ("status", "PAID"),
                        ("transfer_id__isnull", False),
                        models.Q(("reference", ""), _negated=True),
                    ),
                    models.Q(models.Q(("status", "PAID"), _negated=True), ("paid_at", None), ("transfer_id", None)),
                    _connector="OR",
                ),
                name="economy_withdrawal_paid",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawalrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cancelled_at__isnull", False), ("status", "CANCELLED")),
                    models.Q(models.Q(("status", "CANCELLED"), _negated=True), ("cancelled_at", None)),
                    _connector="OR",
                ),
                name="economy_withdrawal_cancelled",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawalrequest",
            constraint=models.UniqueConstraint(fields=("wallet", "key"), name="economy_withdrawal_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="withdrawalrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="updated_at",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    execute="civitas_touch()",
                    func="NEW.updated_at = now(); RETURN NEW;",
                    hash="881aa827cc4bd41bebc35e774a346153a4a46b4b",
                    operation="UPDATE",
                    pgid="pgtrigger_updated_at_c56bb",
                    table="economy_withdrawalrequest",
                    when="BEFORE",
                ),
            ),
        ),
        run_file(__file__, "0020_vault_and_withdrawals"),
    ]
