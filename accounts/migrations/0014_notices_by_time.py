from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0013_erased_in_audit"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="owednotice", name="accounts_owednotice_age"),
        migrations.RemoveIndex(model_name="notification", name="accounts_notification_user"),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(fields=["user", "-happened_at", "-id"], name="accounts_notification_newest"),
        ),
    ]
