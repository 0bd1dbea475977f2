"""What an export of one's data consists of: each app adds its parts in `ready()`.

A part gives the member's own rows, one by one, so that a large one never stands in memory; nobody else's data in them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from accounts.members.models import User

Rows = Callable[[User], Iterable[dict[str, Any]]]
Files = Callable[[User], Iterable[tuple[str, Callable[[], IO[bytes]]]]]


@dataclass(frozen=True)
class Part:
    """One file of the zip: `<name>.json` with the rows, and in a few words what they are."""

    name: str
    says: str
    rows: Rows


_parts: dict[str, Part] = {}
_files: list[Files] = []


def register(name: str, rows: Rows, *, says: str) -> None:
    """Add a part. `rows(member)` yields dicts of plain values (text, numbers, Decimal, times, lists, dicts)."""
    _parts[name] = Part(name, says, rows)


def register_files(files: Files) -> None:
    """Add files of the member's own: `files(member)` yields a name below media/ and how to open each."""
    if files not in _files:
        _files.append(files)


def parts() -> list[Part]:
    """All parts, in the order in which they were registered."""
    return list(_parts.values())


def files_of(member: User) -> Iterator[tuple[str, Callable[[], IO[bytes]]]]:
    """The member's own files."""
    for files in _files:
        yield from files(member)
