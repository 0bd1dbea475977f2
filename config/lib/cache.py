"""A cache that may be lost at any time: without Redis a look-up is a miss and a write is dropped, with a log line."""

import logging
import time
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

# A Redis that hangs costs whoever asks it the whole socket timeout, and a page asks many times. So after an error
# nobody of this process asks for some seconds. By address, because a process may have several caches.
PAUSE = 5.0
_asked_again_at: dict[str, float] = {}


class ForgivingRedisCache(RedisCache):
    """Pages and wallets go on without Redis; only speed is lost. Never keep here what must not be forgotten.

    Deleting is tried even in the pause: what should be gone (a session that was ended) must not come back.
    """

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._address = str(server)

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._or(default, super().get, key, default, version)

    def get_many(self, keys: Any, version: Any = None) -> dict[Any, Any]:
        return self._or({}, super().get_many, keys, version)

    def set(self, key: Any, value: Any, timeout: Any = 300, version: Any = None) -> None:
        self._or(None, super().set, key, value, timeout, version)

    def set_many(self, data: Any, timeout: Any = 300, version: Any = None) -> list[Any]:
        return self._or(list(data), super().set_many, data, timeout, version)

    def add(self, key: Any, value: Any, timeout: Any = 300, version: Any = None) -> bool:
        return self._or(False, super().add, key, value, timeout, version)

    def delete(self, key: Any, version: Any = None) -> bool:
        return self._or(False, super().delete, key, version, is_patient=True)

    def has_key(self, key: Any, version: Any = None) -> bool:
        return self._or(False, super().has_key, key, version)

    def clear(self) -> None:
        """Forget all keys of this site; others may live in the same Redis."""
        self._or(None, self._delete_ours, is_patient=True)

    def _delete_ours(self) -> None:
        client = self._cache.get_client(None, write=True)
        for key in client.scan_iter(f"{self.key_prefix}:*", count=1000):
            client.delete(key)

    def _or(self, fallback: Any, command: Any, *args: Any, is_patient: bool = False) -> Any:
        if not is_patient and time.monotonic() < _asked_again_at.get(self._address, 0.0):
            return fallback
        try:
            return command(*args)
        except RedisError as error:
            _asked_again_at[self._address] = time.monotonic() + PAUSE
            log.warning("cache is away: %s", type(error).__name__)
            return fallback
