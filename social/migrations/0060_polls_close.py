from django.db import migrations, models


class Migration(migrations.Migration):
    """When a poll's end was seen to."""

    dependencies = [("social", "0037_indexes_of_feeds")]

    operations = [
        migrations.AddField(
            model_name="poll",
            name="closed_at",
            field=models.DateTimeField(
                blank=True, help_text="When its end was seen to: the result stands, and its people are told.", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="poll",
            index=models.Index(condition=models.Q(("closed_at", None)), fields=["ends_at"], name="social_poll_open"),
        ),
    ]
