from django.db import migrations

import config.lib.money
from config.lib.sql import run_file


class Migration(migrations.Migration):
    """What is set aside is taxed."""

    dependencies = [("economy", "0070_bounties")]

    operations = [
        migrations.AlterField(
            model_name="taxcollection",
            name="base",
            field=config.lib.money.CoinsField(
                help_text="What was taxed: the week's average, or its closing balance, with what was set aside."
            ),
        ),
        run_file(__file__, "0071_set_aside"),
    ]
