from django.db import migrations, models

from config.lib.sql import run_file


class Migration(migrations.Migration):
    """Pictures of removed posts are noted to be thrown away."""

    dependencies = [("social", "0052_tips_are_shared")]

    operations = [
        migrations.AddField(
            model_name="picture",
            name="gone_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When nobody wanted it any more; its files go, and then the row.",
                null=True,
            ),
        ),
        run_file(__file__, "0055_pictures_that_go"),
    ]
