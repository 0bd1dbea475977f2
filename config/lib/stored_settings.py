"""Where runtime settings are kept: constance's table, except that reading one never writes it.

The library stores the default of a setting when somebody first asks for it. In the audit that would read as if whoever
came along had set it, and a new release could not change a default any more.
"""

from typing import Any

from constance import settings
from constance.backends.database import DatabaseBackend


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

    def mget(self, keys: Any) -> dict[str, Any]:
        return {key: settings.CONFIG[key][0] for key in keys} | super().mget(keys)
