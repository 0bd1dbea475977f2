"""Pure rules of leaving: pseudonyms, days, how an export is named."""

import hmac
from datetime import datetime, timedelta
from uuid import UUID

# An export that stops moving for so long has lost its worker; another one begins it anew.
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 5


def pause_after(attempt: int) -> timedelta:
    """How long an export that failed waits for its next attempt: 1, 2, 4, 8 … minutes."""
    return timedelta(minutes=2 ** (attempt - 1))


def pseudonym(token: str) -> str:
    """The username of a page whose member was erased. `token`: twelve hexadecimal digits, made by chance."""
    return f"deleted_{token}"


def released_hash(number: str, *, pepper: str) -> str:
    """What is kept of a number whose account was erased: whoever has the number can be recognised, nobody be called."""
    return hmac.digest(pepper.encode(), f"released:{number}".encode(), "sha256").hex()


def erased_after_reminder(*, erased_after: datetime, told_at: datetime, ahead: timedelta) -> datetime:
    """When an account may be erased whose member is told now: as announced, or later when the word comes late.

    A day is left to the job, so that the date does not move by an hour each time.
    """
    is_in_time = erased_after - told_at >= ahead - timedelta(days=1)
    return erased_after if is_in_time else told_at + ahead


def file_name(export_id: UUID, attempt: int) -> str:
    """The file of an export in the private storage."""
    return f"{export_id}-{attempt}.zip"


def shown_file_name(username: str, made_at: datetime) -> str:
    """What the export is called on its member's machine."""
    return f"civitas-{username}-{made_at:%Y-%m-%d}.zip"
