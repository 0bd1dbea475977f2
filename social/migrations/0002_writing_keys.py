from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_early_adopter_badge"),
        ("social", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="key",
            field=models.CharField(
                blank=True, editable=False, help_text="Idempotency key it was written under.", max_length=255, null=True
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="key",
            field=models.CharField(
                blank=True, editable=False, help_text="Idempotency key it was written under.", max_length=255, null=True
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key__isnull", False)), fields=("user", "key"), name="social_comment_key_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key__isnull", False)), fields=("user", "key"), name="social_post_key_once"
            ),
        ),
    ]
