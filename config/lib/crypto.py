"""Text that only the application can read: Fernet with rotating keys (the newest writes, all of them read)."""

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def seal(text: str) -> str:
    """Encrypted and signed, as URL-safe text."""
    return _box(tuple(settings.FIELD_ENCRYPTION_KEYS)).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed. Refuses (InvalidToken) what none of the keys has written."""
    return _box(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(sealed.encode()).decode()


class SealedTextField(models.TextField):
    """A text column that is encrypted in the database; it cannot be searched. An empty text stays empty."""

    def get_prep_value(self, value: Any) -> Any:
        return seal(value) if value else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if not value:
            return value
        try:
            return unseal(value)
        except InvalidToken:
            return "(sealed with a key that is gone)"
