from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q
from phonenumber_field.modelfields import PhoneNumberField


class Migration(migrations.Migration):
    """An account may be without a number: staff free one that was silent for long, so that its new owner can join."""

    dependencies = [("accounts", "0017_lighter_wallets")]

    operations = [
        migrations.AddField(
            "user",
            "number_freed_at",
            models.DateTimeField(
                null=True,
                blank=True,
                help_text="When staff let the number go to a new owner; the account has had none since.",
            ),
        ),
        migrations.AlterField(
            "user",
            "phone_number",
            PhoneNumberField(
                "phone number",
                null=True,
                unique=True,
                max_length=128,
                region=None,
                help_text="E.164; one account per number. Empty once the account is erased, or staff have freed the"
                " number.",
            ),
        ),
        AddConstraintNotValid(
            "user",
            models.CheckConstraint(
                condition=Q(phone_number__isnull=False) | Q(status="ERASED") | Q(number_freed_at__isnull=False),
                name="accounts_user_number_or_gone",
            ),
        ),
        migrations.RemoveConstraint("user", "accounts_user_number_or_erased"),
    ]
