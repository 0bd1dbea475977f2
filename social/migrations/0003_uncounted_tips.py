from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("social", "0002_writing_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="UncountedTip",
            fields=[
                ("tip_id", models.UUIDField(help_text="The tip.", primary_key=True, serialize=False)),
                ("is_first", models.BooleanField(help_text="Whether its giver had no other tip on the post.")),
            ],
        ),
        migrations.AlterField(
            model_name="tip",
            name="transfer_id",
            field=models.UUIDField(help_text="The movement into the content fund, whose id the tip has as well."),
        ),
    ]
