"""A refusal is a rule saying no, in words meant for the member. Operations raise them; each door speaks them.

The API answers with a problem (RFC 9457) of the refusal's slug and status, a page puts the sentence on the form. The
database refuses too: a function or trigger raises an SQLSTATE of class CV, and `spoken_by_database` turns it into the
refusal that claimed that code.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, ClassVar

from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """A business rule says no. `facts` fill the sentence and travel as extension members of the problem."""

    slug: ClassVar[str] = "refused"
    status: ClassVar[int] = 422
    title: ClassVar[Any] = _("Not possible")
    sentence: ClassVar[Any] = ""
    field: ClassVar[str | None] = None
    sqlstate: ClassVar[str | None] = None
    retry_after: int | None = None
    # Which part of a larger whole it is about, such as the poll of a post; set by whoever knows the whole.
    part: str | None = None

    _by_sqlstate: ClassVar[dict[str, type["Refused"]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.sqlstate is not None and cls.__dict__.get("sqlstate"):
            Refused._by_sqlstate[cls.sqlstate] = cls

    def __init__(self, sentence: Any = None, **facts: Any) -> None:
        self.facts = facts
        self.said = sentence
        super().__init__(self.slug)

    def __str__(self) -> str:
        if self.said is not None:
            return str(self.said)
        return str(self.sentence) % self.facts if self.sentence else str(self.title)

    def leads_to(self, path: str) -> str | None:
        """Where what was asked for at this path is now, when it has only moved."""
        return None


class NotThere(Refused):
    """What was asked for does not exist, or may not be known to exist."""

    slug = "not-found"
    status = 404
    title = _("Not found")
    sentence = _("There is nothing here, or it is not for you to see.")


class NotAllowed(Refused):
    """The member is known, and may not."""

    slug = "not-allowed"
    status = 403
    title = _("Not allowed")
    sentence = _("You may not do this.")


class StaleVersion(Refused):
    """Someone else changed it since the caller read it (`If-Match`)."""

    slug = "stale-version"
    status = 412
    title = _("Changed meanwhile")
    sentence = _("This has changed since you read it. Look at it again, then decide.")
    sqlstate = "CV412"


class KeyReused(Refused):
    """The same key came with another command."""

    slug = "idempotency-key-reuse"
    title = _("Key used before")
    sentence = _("This Idempotency-Key was used for another request. Use a new key for a new command.")
    sqlstate = "CV422"


class Busy(Refused):
    """Another movement holds what this one needs; nothing happened and a retry is safe."""

    slug = "busy"
    status = 503
    title = _("Busy")
    sentence = _("Too many people are moving these coins at once. Nothing happened; try again in a moment.")
    retry_after = 1


class Unavailable(Refused):
    """The database cannot be reached. Whether a movement was committed is not known; its key tells on a retry."""

    slug = "unavailable"
    status = 503
    title = _("Not available")
    sentence = _("The books cannot be reached for a moment. Try again; under the same key nothing happens twice.")
    retry_after = 5


class TooMany(Refused):
    """A limit is reached; `retry_after` seconds until there is room again."""

    slug = "too-many-requests"
    status = 429
    title = _("Too many requests")
    sentence = _("Too many at once. Try again in %(wait)s.")

    def __init__(self, sentence: Any = None, *, retry_after: int, **facts: Any) -> None:
        from config.lib.wording import duration

        super().__init__(sentence, wait=duration(retry_after), **facts)
        self.retry_after = retry_after


# lock_not_available, deadlock_detected, serialization_failure: nothing was done, another try may pass.
_WORTH_ANOTHER_TRY = {"55P03", "40P01", "40001"}
# admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections, connection failures.
_AWAY = {"57P01", "57P02", "57P03", "53300", "08000", "08001", "08003", "08006"}


def refusal_in(error: BaseException) -> Refused | None:
    """The refusal that a database error carries in its SQLSTATE, or None when it is no refusal at all."""
    cause = error.__cause__ if isinstance(error, DatabaseError) else error
    code = getattr(cause, "sqlstate", None)
    if code in _WORTH_ANOTHER_TRY:
        return Busy()
    if code in _AWAY or (code is None and isinstance(error, OperationalError)):
        return Unavailable()
    kind = Refused._by_sqlstate.get(code or "")
    if kind is None:
        return None
    detail = getattr(getattr(cause, "diag", None), "message_detail", None)
    return kind(**(json.loads(detail) if detail else {}))


@contextmanager
def spoken_by_database() -> Iterator[None]:
    """Turn the refusals that SQL functions and triggers raise into ours; other errors pass unchanged.

    Inside a transaction a refusal takes back its own statement only, so that the caller may go on; a statement that
    stands alone needs no savepoint and pays for none.
    """
    try:
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            yield
    except DatabaseError as error:
        refusal = refusal_in(error)
        if refusal is None:
            raise
        raise refusal from error
