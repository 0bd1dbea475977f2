from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import config.lib.money


class Migration(migrations.Migration):
    """No column is first in two indexes that serve the same questions; a wallet counts the gifts of its day itself."""

    dependencies = [
        ("accounts", "0019_numbers_looked_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="wallet",
            name="gifts_coins",
            field=config.lib.money.CoinsField(
                db_default=Decimal("0.00"), default=Decimal("0.00"), help_text="Coins given away as gifts on that day."
            ),
        ),
        migrations.AddField(
            model_name="wallet",
            name="gifts_on",
            field=models.DateField(blank=True, help_text="UTC day of the last gift.", null=True),
        ),
        migrations.AddField(
            model_name="wallet",
            name="gifts_since",
            field=models.DateTimeField(blank=True, help_text="Beginning of the minute that is counted.", null=True),
        ),
        migrations.AddField(
            model_name="wallet",
            name="gifts_times",
            field=models.PositiveIntegerField(db_default=0, default=0, help_text="Gifts since then."),
        ),
        migrations.AlterField(
            model_name="addresschallenge",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                help_text="Who was asked.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="adminaction",
            name="staff",
            field=models.ForeignKey(
                db_index=False,
                help_text="Who of the staff.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="admin_actions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="auditlog",
            name="account",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                help_text="Who acted; empty for jobs, commands and psql.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="auditlog",
            name="page",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                help_text="The page they acted as.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="accounts.page",
            ),
        ),
        migrations.AlterField(
            model_name="block",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                help_text="Who blocks.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="blocks",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="browsersession",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                help_text="Who is signed in.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="browser_sessions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="dataexport",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                help_text="Whose data it is.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="exports",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="departure",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                help_text="Whose account.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="departures",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="emailproof",
            name="user",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Whose it is; empty while nobody has looked up who has the address of a reset.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="mute",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                help_text="Who does not want to read.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="mutes",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="notification",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                help_text="Who hears of it.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notifications",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="owednotice",
            name="actor",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The page that did it; empty for the community itself.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.page",
            ),
        ),
        migrations.AlterField(
            model_name="owednotice",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                help_text="Who is to hear.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="recoverycode",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                help_text="Whose it is.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="recovery_codes",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="secondstep",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                help_text="Who signs in.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="useractivity",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                help_text="Who was active.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="activity",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="userbadge",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                help_text="Who has it.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="badges",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="walletaddress",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                help_text="Whose it is.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="wallet_addresses",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
