from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Looks at the accounts there are, while members go on."""

    dependencies = [("accounts", "0018_numbers_that_staff_free")]

    operations = [ValidateConstraint(model_name="user", name="accounts_user_number_or_gone")]
