"""A private folder of the test's own, and members on their way out."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from accounts.departures import files, operations
from accounts.departures.models import DataExport


@pytest.fixture(autouse=True)
def private_folder(settings: Any, tmp_path: Path) -> Path:
    settings.PRIVATE_ROOT = tmp_path / "private"
    return tmp_path / "private"


@pytest.fixture
def close(now: datetime) -> Callable[..., datetime]:
    """Close a member's account: close(alice), close(alice, removes_writing=True)."""

    def closed(member: Any, *, at: datetime = now, removes_writing: bool = False) -> datetime:
        return operations.close_account(member=member, removes_writing=removes_writing, at=at)

    return closed


@pytest.fixture
def erase(close: Callable[..., datetime], now: datetime) -> Callable[..., int]:
    """Close a member's account and let the thirty days pass, word before the end included."""

    def erased(member: Any, **given: Any) -> int:
        until = close(member, **given)
        operations.remind_closed(at=until - timedelta(days=7))
        count = operations.erase_due(clock=lambda: until)
        member.refresh_from_db()
        return count

    return erased


@pytest.fixture
def export_of(now: datetime) -> Callable[..., DataExport]:
    """A finished copy of a member's data."""

    def made(member: Any, *, at: datetime = now) -> DataExport:
        export = operations.ask_for_export(member=member, at=at)
        operations.make_due_exports(clock=lambda: at)
        export.refresh_from_db()
        return export

    return made


def contents(export: DataExport) -> dict[str, Any]:
    """What is in an export: rows by part, and other files as bytes."""
    found: dict[str, Any] = {}
    with ZipFile(files.path_of(export.file)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            read = archive.read(name)
            found[name.removesuffix(".json")] = json.loads(read) if name.endswith(".json") else read
    return found
