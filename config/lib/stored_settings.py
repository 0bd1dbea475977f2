"""Where runtime settings are kept: constance's table, except that reading one never writes it.

The library stores the default of a setting when somebody first asks for it. In the audit that would read as if whoever
came along had set it, and a new release could not change a default any more.
"""

from collections.abc import Iterable
from typing import Any

from constance import settings
from constance.backends.database import DatabaseBackend
from constance.codecs import loads


class StoredSettings(DatabaseBackend):
    """Settings that were set stand in the table; the others are their defaults, in the cache alone."""

    def get(self, key: str) -> Any:
        value = super().get(key)
        if value is not None:
            return value
        value = settings.CONFIG[key][0]
        if self._cache:
            self._cache.add(self.add_prefix(key), value)  # of a value that is being set at this moment it loses
        return value

    def mget(self, keys: Iterable[str]) -> dict[str, Any]:
        """Several in one look at the cache, and one at the table for those that the cache does not know."""
        wanted = {self.add_prefix(key): key for key in keys}
        found = {wanted[name]: value for name, value in self._cache.get_many(wanted).items()} if self._cache else {}
        missing = {name: settings.CONFIG[key][0] for name, key in wanted.items() if key not in found}
        if missing:
            stored = self._model._default_manager.filter(key__in=missing).values_list("key", "value")
            missing |= {name: loads(value) for name, value in stored}
            for name, value in missing.items():
                found[wanted[name]] = value
                if self._cache:
                    self._cache.add(name, value)
        return found
