"""Ids: UUID version 7 (RFC 9562), made by the application, ordered by the time of what they name.

The first 48 bits are milliseconds since 1970, so a month of rows is a range of ids: partitions and look-ups by time
need no second column. SQL makes the same with `civitas_uuid7(at)`.
"""

import secrets
from datetime import datetime
from uuid import UUID

import uuid_utils.compat

# Version and variant bits of RFC 9562, section 5.7.
_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62


def uuid7() -> UUID:
    """A new id for now."""
    return uuid_utils.compat.uuid7()


def uuid7_at(moment: datetime) -> UUID:
    """A new id for a moment given, for rows whose time was read at the door."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=(milliseconds << 80) | _VERSION | (secrets.randbits(12) << 64) | _VARIANT | secrets.randbits(62))


def first_id_at(moment: datetime) -> UUID:
    """The lowest id that a row of this moment or later can have: the bound of a partition or a time filter.

    Ids begin with 1970: for an earlier moment it is the lowest of all.
    """
    return UUID(int=max(0, int(moment.timestamp() * 1000)) << 80)


def time_of(identifier: UUID) -> int:
    """Milliseconds since 1970 that the id carries."""
    return identifier.int >> 80


def same_millisecond(known: UUID) -> tuple[UUID, UUID]:
    """The lowest and the highest id of the millisecond that an id begins with, both included."""
    rest = (1 << 80) - 1
    return UUID(int=known.int & ~rest), UUID(int=known.int | rest)
