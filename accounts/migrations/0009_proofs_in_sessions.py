from django.db import migrations, models


class Migration(migrations.Migration):
    """Remembers of which version a session is and when staff last used the admin; names the purpose of a code that proves anew who asks."""

    dependencies = [
        ("accounts", "0008_numbers_of_those_who_stay"),
    ]

    operations = [
        migrations.AddField(
            model_name="browsersession",
            name="admin_used_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Last page of the admin, to a minute; after an idle hour it asks again.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="browsersession",
            name="token_version",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="The member's when it began; once theirs is higher, it is over.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="tokenfamily",
            name="token_version",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="The member's when it began; once theirs is higher, it is over.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="phoneverification",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("SIGN_IN", "signing in"),
                    ("PROOF", "a fresh proof before something dangerous"),
                    ("OLD_NUMBER", "leaving this number"),
                    ("NEW_NUMBER", "moving to this number"),
                ],
                default="SIGN_IN",
                help_text="The only thing it can prove.",
                max_length=10,
            ),
        ),
    ]
