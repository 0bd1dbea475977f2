from django.db import migrations


def make_badge(apps, schema_editor):
    apps.get_model("accounts", "Badge").objects.get_or_create(
        slug="early-adopter",
        defaults={
            "name": "Early adopter",
            "description": "Among the first members of the community.",
            "icon": "sprout",
        },
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(make_badge, migrations.RunPython.noop)]
