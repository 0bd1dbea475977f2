from django.db import migrations, models


class Migration(migrations.Migration):
    """A form that is kept twice makes one draft."""

    dependencies = [("social", "0055_pictures_that_go")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="key",
            field=models.CharField(
                blank=True, editable=False, help_text="The form it was first kept from.", max_length=255, null=True
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key__isnull", False)), fields=("user", "key"), name="social_draft_key_once"
            ),
        ),
    ]
