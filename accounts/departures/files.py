"""Where exports lie: below PRIVATE_ROOT, which no web server serves, readable by this site's user alone."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

# A file that no row names may be on its way to one.
ON_ITS_WAY = timedelta(days=1)


def folder() -> Path:
    """The folder of the exports, made when it is not there."""
    path = Path(settings.PRIVATE_ROOT) / "exports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def path_of(name: str) -> Path:
    """A finished file. Names are made by the site; anything else is no name."""
    if Path(name).name != name or not name.endswith(".zip"):
        raise ValueError(f"{name!r} names no export")
    return folder() / name


def unfinished(name: str) -> Path:
    """Where a file is written until it is whole."""
    return folder() / f"{name}.part"


def finish(name: str) -> int:
    """Give a file that is whole its name, all of it on disk; its bytes."""
    part = unfinished(name)
    with part.open("rb") as written:
        os.fsync(written.fileno())
        size = os.fstat(written.fileno()).st_size
    part.chmod(0o600)
    part.replace(path_of(name))
    return size


def delete(name: str) -> None:
    """Delete a file, finished or not. One that is gone already is no error."""
    path_of(name).unlink(missing_ok=True)
    unfinished(name).unlink(missing_ok=True)


def left_behind(*, named: set[str], at: datetime) -> Iterator[Path]:
    """Old files that no row names: of workers that died."""
    for path in folder().iterdir():
        if path.name not in named and datetime.fromtimestamp(path.stat().st_mtime, UTC) < at - ON_ITS_WAY:
            yield path
