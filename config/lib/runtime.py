"""Runtime settings as one consistent look: all figures read together, at most a second old.

An operation reads `figures()` once, so a setting that changes in mid-flight cannot give it one old and one new figure,
and a tip does not pay one round trip per setting.
"""

import time
from types import SimpleNamespace
from typing import Any

from constance.utils import get_values
from django.conf import settings

_kept: tuple[float, SimpleNamespace] | None = None


def figures() -> Any:
    """All runtime settings; at most RUNTIME_SETTINGS_FRESH_FOR seconds old."""
    global _kept
    now = time.monotonic()
    if _kept is not None and now - _kept[0] < settings.RUNTIME_SETTINGS_FRESH_FOR:
        return _kept[1]
    read = SimpleNamespace(**get_values())
    _kept = (now, read)
    return read


def forget() -> None:
    """Read anew next time; for the process that has just changed a setting."""
    global _kept
    _kept = None
