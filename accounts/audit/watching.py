"""The tables whose changes are kept, and the columns of each. A trigger on the table writes the rows (0010_audit.sql).

An app above names its tables in `ready()` and makes the trigger in a migration of its own:

    CREATE TRIGGER audit_changed AFTER INSERT OR DELETE OR UPDATE OF rate ON economy_taxbracket
      FOR EACH ROW EXECUTE FUNCTION audit_changed('id', 'rate', '<masked>', '<secret>');

A test holds the triggers against what is named here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Watched:
    """A table whose changes are kept: `masked` columns by their ends only, `secret` ones as the bare fact."""

    table: str
    columns: tuple[str, ...]
    masked: tuple[str, ...] = field(default=())
    secret: tuple[str, ...] = field(default=())
    key: str = "id"


_watched: dict[str, Watched] = {}
_WRITES = re.compile(r'\s*(?:INSERT INTO|DELETE FROM|UPDATE)\s+"?(\w+)"?', re.I)


def watch(
    table: str, columns: Sequence[str], *, masked: Sequence[str] = (), secret: Sequence[str] = (), key: str = "id"
) -> None:
    """Name a table whose changes are kept; from then on whoever writes it says who they are."""
    _watched[table] = Watched(table, tuple(columns), tuple(masked), tuple(secret), key)


def watched_tables() -> list[Watched]:
    """All of them, by name."""
    return [_watched[table] for table in sorted(_watched)]


def changes_what_is_watched(statement: str) -> bool:
    """Whether a statement writes a watched column, as far as its text tells. Saying who acts too often does no harm."""
    found = _WRITES.match(statement)
    watched = _watched.get(found[1]) if found else None
    if watched is None:
        return False
    return statement.lstrip()[:6].upper() != "UPDATE" or any(f'"{column}"' in statement for column in watched.columns)


def watch_own_tables() -> None:
    """The tables of this app, and the runtime settings."""
    watch(
        "accounts_user",
        [
            *("role", "status", "status_reason", "status_until", "phone_number", "email", "email_verified"),
            *("password", "two_factor_secret", "two_factor_confirmed_at"),
            *("coins_held_until", "erased_after", "erased_at"),
        ],
        masked=["phone_number", "email"],
        secret=["password", "two_factor_secret"],
    )
    watch("accounts_page", ["username", "display_name", "bio", "avatar", "is_primary", "is_active"])
    watch("accounts_wallet", ["loyalty_tier", "withdrawal_fee"])
    watch("accounts_walletaddress", ["user_id", "address", "network", "is_primary", "is_verified"])
    watch("accounts_invitation", ["inviter_id", "uses_most", "gift", "expires_at", "revoked_at"])
    watch("constance_constance", ["key", "value"], key="key")
