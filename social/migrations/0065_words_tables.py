import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

_WORDS = django.contrib.postgres.search.SearchVectorField


class Migration(migrations.Migration):
    """Rows for the words of posts, comments and pages; empty, so that making them keeps nobody waiting."""

    dependencies = [("accounts", "0020_lighter_indexes"), ("social", "0062_bounties")]

    operations = [
        migrations.CreateModel(
            name="PostWords",
            fields=[
                (
                    "post",
                    models.OneToOneField(
                        help_text="Which post.",
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="found_by",
                        serialize=False,
                        to="social.post",
                    ),
                ),
                (
                    "words",
                    _WORDS(help_text="Stems of its title (weight A) and text, by PostgreSQL's English rules."),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CommentWords",
            fields=[
                (
                    "comment",
                    models.OneToOneField(
                        help_text="Which comment.",
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="found_by",
                        serialize=False,
                        to="social.comment",
                    ),
                ),
                ("words", _WORDS(help_text="Stems of its text, by PostgreSQL's English rules.")),
            ],
        ),
        migrations.CreateModel(
            name="PageWords",
            fields=[
                (
                    "page",
                    models.OneToOneField(
                        help_text="Which page.",
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="found_by",
                        serialize=False,
                        to="accounts.page",
                    ),
                ),
                (
                    "words",
                    _WORDS(
                        help_text="Its names as they are written (weight A), and stems of what it tells of itself."
                    ),
                ),
            ],
        ),
    ]
