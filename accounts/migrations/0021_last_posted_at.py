from django.db import migrations, models


class Migration(migrations.Migration):
    """When a member last posted stands with the member, where every page has it at hand."""

    dependencies = [("accounts", "0020_lighter_indexes")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="last_posted_at",
            field=models.DateTimeField(
                blank=True, help_text="When the last post was written; kept by a trigger.", null=True
            ),
        ),
    ]
