from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    """A wallet whose balance changes stays on its page of the table: no index holds the balance any more.

    With one, every movement wrote to all indexes of the wallet; the lists that are ordered by it are few and are kept.
    """

    atomic = False

    dependencies = [("accounts", "0016_second_steps")]

    operations = [
        RemoveIndexConcurrently("wallet", "accounts_wallet_balance"),
        migrations.RunSQL(
            "ALTER TABLE accounts_wallet SET (fillfactor = 80)", "ALTER TABLE accounts_wallet RESET (fillfactor)"
        ),
    ]
