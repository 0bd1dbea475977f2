"""What withdrawals tell the statement: a line of one leads to its request."""

from economy.ledger import causes
from economy.withdrawals import queries


def register() -> None:
    """Add it; called from `ready()`."""
    causes.register(queries.REFERENCE, queries.causes)
