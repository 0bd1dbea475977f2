import django.db.models.deletion
from django.db import migrations, models

from config.lib.partitions import AddMonthlyIndex
from config.lib.sql import run_file


class Migration(migrations.Migration):
    """A movement writes to the indexes that somebody reads, and looks after blocks and notices in its own call."""

    atomic = False

    dependencies = [("economy", "0010_brackets_in_audit"), ("accounts", "0017_lighter_wallets")]

    operations = [
        AddMonthlyIndex(
            "transfer",
            models.Index(
                fields=["reference_id", "reference_type"],
                name="economy_transfer_cause",
                condition=models.Q(("reference_id__isnull", False)),
            ),
        ),
        AddMonthlyIndex(
            "transfer",
            models.Index(
                fields=["reverses"],
                name="economy_transfer_reverses",
                condition=models.Q(("reverses__isnull", False)),
            ),
        ),
        migrations.RemoveIndex("transfer", "economy_transfer_reference"),
        migrations.RemoveIndex("transfer", "economy_transfer_created"),
        # Django would drop the foreign key and make it anew, for which it has no name in the partitions.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "transfer",
                    "reverses",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        db_index=False,
                        help_text="The transfer that it mends.",
                        to="economy.transfer",
                    ),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    "DROP INDEX economy_transfer_reverses_id_8b26c4b8",
                    "CREATE INDEX economy_transfer_reverses_id_8b26c4b8 ON economy_transfer (reverses_id)",
                )
            ],
        ),
        run_file(__file__, "0011_lighter_movements"),
    ]
