from django.db import migrations, models
from django.db.models.functions import Collate


class Migration(migrations.Migration):
    """Names that begin alike are read in order and only as many as are shown, whatever the database's collation."""

    dependencies = [
        ("accounts", "0021_last_posted_at"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="page",
            index=models.Index(Collate("username", "C"), name="accounts_page_in_order"),
        ),
    ]
