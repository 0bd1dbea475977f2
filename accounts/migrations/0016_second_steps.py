"""Second steps know what they need and die with the tokens; resets by e-mail wait until someone looks up whose they are."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0015_owing"),
    ]

    operations = [
        migrations.AddField(
            model_name="secondstep",
            name="has_second_factor",
            field=models.BooleanField(default=False, help_text="Whether the second factor was given before."),
        ),
        migrations.AddField(
            model_name="secondstep",
            name="token_version",
            field=models.PositiveIntegerField(
                default=0, help_text="The member's when it began; once theirs is higher, it is over."
            ),
        ),
        migrations.AlterField(
            model_name="emailproof",
            name="email",
            field=models.EmailField(help_text="Where it went, or is to go.", max_length=254),
        ),
        migrations.AlterField(
            model_name="emailproof",
            name="secret_hash",
            field=models.CharField(
                blank=True, help_text="Keyed hash of the secret in the message; empty until one is sent.", max_length=64
            ),
        ),
        migrations.AlterField(
            model_name="emailproof",
            name="user",
            field=models.ForeignKey(
                blank=True,
                help_text="Whose it is; empty while nobody has looked up who has the address of a reset.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="secondstep",
            name="needs",
            field=models.CharField(
                choices=[
                    ("FACTOR", "a code of the authenticator, or a recovery code"),
                    ("EMAIL", "after a long silence: a code sent to the confirmed address"),
                    ("PASSWORD", "after a long silence: the password"),
                    ("USERNAME", "after a long silence: a username of the account"),
                    ("RETURN", "the word of its member that the closed account is to be opened again"),
                ],
                help_text="What is still to be proved.",
                max_length=8,
            ),
        ),
    ]
