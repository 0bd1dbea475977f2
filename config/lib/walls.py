"""Whom a transaction serves, said to the database: behind this wall it shows one member's rows, whatever is asked.

The role and the member are set for one transaction (`set_config(…, true)`), so that a connection which goes back to the
pool takes neither along. `manage.py roles` makes the role, and `up` does at each start. Where the owner of the tables
may make no roles, everything is read without the wall and the log says so. docs/decisions/0018-row-level-security.md.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NoReturn, Self, TypeVar
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from psycopg.pq import TransactionStatus

SERVING = "civitas_member"  # reads what a member may read
log = logging.getLogger(__name__)
M = TypeVar("M", bound=Model)

guarded: set[str] = set()  # tables with row-level security, whose whole rows are read behind the wall
opened: dict[str, tuple[str, ...]] = {}  # columns of other tables that are read there; none named: all
functions: set[str] = set()  # that may be called there, with their types


def guards(table: str) -> None:
    """Name a table whose rows are shown to their owner alone. Called from `ready()`, like the next two."""
    guarded.add(table)


def opens(table: str, *columns: str) -> None:
    """Name what is read along with a guarded table. It has no row-level security: name no more than is needed."""
    opened[table] = columns


def lets_call(function: str) -> None:
    """Name a function, as "name(type, type)", that answers behind the wall what rows of others must be read for."""
    functions.add(function)


_serving: ContextVar[Callable[[], UUID | None] | None] = ContextVar("walls_serving", default=None)
_within: ContextVar[tuple[UUID | None] | None] = ContextVar("walls_within", default=None)


class ServingMiddleware:
    """Within a request, what is read behind the wall is read for whoever asks, whomever a view may name.

    Looked up when it is needed, because the API learns who asks only inside the view.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _serving.set(lambda: _asker(request))
        try:
            return self.get_response(request)
        finally:
            _serving.reset(token)


def _asker(request: HttpRequest) -> UUID | None:
    user: Any = getattr(request, "user", None)
    return user.pk if user is not None and user.is_authenticated else None


@contextmanager
def reading_for(member_id: UUID | None) -> Iterator[None]:
    """`seen_by` whoever the request under way serves; outside of requests (jobs, commands) by the member named."""
    asks = _serving.get()
    with seen_by(member_id if asks is None else asks()):
        yield


@contextmanager
def seen_by(member_id: UUID | None) -> Iterator[None]:
    """A transaction that reads as a member (None: as nobody, who owns nothing). It cannot write.

    Inside another one it is the same wall, and has to be for the same member. Without the roles it is none (`stands`).
    """
    within = _within.get()
    if within is not None:
        if within != (member_id,):
            raise ValueError("behind the wall of another member")
        yield
        return
    if not stands():
        yield
        return
    token = _within.set((member_id,))
    try:
        yield from _behind(member_id)
    finally:
        _within.reset(token)


def _behind(member_id: UUID | None) -> Iterator[None]:
    if not connection.in_atomic_block:
        with transaction.atomic():  # whose end is the end of what is set
            _enter(member_id)
            yield
        return
    before = _enter(member_id)
    try:
        yield
    finally:
        # A transaction that has failed takes back what was set when it, or the savepoint before, is rolled back.
        if connection.connection.info.transaction_status != TransactionStatus.INERROR:
            _set(before, "")


def _enter(member_id: UUID | None) -> str:
    """Become the serving role; the role that was worn before."""
    try:
        return _set(SERVING, str(member_id or ""))
    except DatabaseError:
        _Known.is_up = False  # the role has gone since we looked: whoever asks next looks again
        _Known.looked_at = None
        raise


def _set(role: str, member: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('role'), set_config('role', %s, true), set_config('civitas.member', %s, true)",
            [role, member],
        )
        return str(cursor.fetchone()[0])


class _Known:
    """What this process knows of the wall. That it stands is not asked again; that it does not, once a minute."""

    is_up = False
    looked_at: float | None = None
    AGAIN = 60.0  # seconds


def stands() -> bool:
    """Whether the roles are there, have the rights that reading needs, and may be worn by us."""
    if _Known.is_up:
        return True
    now = time.monotonic()
    if _Known.looked_at is not None and now - _Known.looked_at < _Known.AGAIN:
        return False
    is_first = _Known.looked_at is None
    _Known.is_up, _Known.looked_at = is_built(), now
    if not _Known.is_up and is_first:
        log.warning("members' postings are read without row-level security: %s", HINT)
    return _Known.is_up


HINT = (
    f"the role {SERVING} is missing, lacks rights or may not be used by the owner of the tables."
    " Let a role that may make roles run the output of `manage.py roles --sql`."
)


def to_wear() -> str:
    """What PostgreSQL calls being allowed to wear a role: from 16 on it tells this from being its member."""
    connection.ensure_connection()
    return "SET" if connection.connection.info.server_version >= 160000 else "MEMBER"


_IS_BUILT = """
    SELECT coalesce(pg_has_role(session_user, role.id, %(right)s), false)
      AND (SELECT coalesce(bool_and(coalesce(c.relrowsecurity, false)), true)
        FROM unnest(%(guarded)s::text[]) AS g(name) LEFT JOIN pg_class c ON c.oid = to_regclass(g.name))
      AND (SELECT coalesce(bool_and(coalesce(CASE WHEN r.column_ = ''
            THEN has_table_privilege(role.id, to_regclass(r.table_)::oid, 'SELECT')
            ELSE has_column_privilege(role.id, to_regclass(r.table_)::oid, r.column_, 'SELECT') END, false)), true)
        FROM unnest(%(tables)s::text[], %(columns)s::text[]) AS r(table_, column_))
      AND (SELECT coalesce(bool_and(coalesce(
            has_function_privilege(role.id, to_regprocedure(f.name)::oid, 'EXECUTE'), false)), true)
        FROM unnest(%(functions)s::text[]) AS f(name))
      FROM (SELECT to_regrole(%(role)s)::oid AS id) AS role
"""


def is_built() -> bool:
    """Ask the database itself whether `seen_by` would work, and hold."""
    rights = [(table, "") for table in guarded]
    rights += [(table, column) for table, columns in opened.items() for column in columns or ("",)]
    with connection.cursor() as cursor:
        cursor.execute(
            _IS_BUILT,
            {
                "right": to_wear(),
                "role": SERVING,
                "guarded": sorted(guarded),
                "tables": [table for table, _column in rights],
                "columns": [column for _table, column in rights],
                "functions": sorted(functions),
            },
        )
        return bool(cursor.fetchone()[0])


class Walled(QuerySet[M]):
    """Rows that can be served: `served_to(member)` reads them behind the wall, whenever they are read."""

    _is_walled = False
    _member: UUID | None = None

    def served_to(self, member_id: UUID | None) -> Self:
        """These rows as `reading_for` shows them: a filter that was forgotten shows no more than the member's own.

        They belong into no other statement, whose reading would be no affair of theirs.
        """
        served = self._chain()  # type: ignore[attr-defined]
        served._is_walled, served._member = True, member_id
        return served

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]
        clone._is_walled, clone._member = self._is_walled, self._member
        return clone

    def _read(self, read: Callable[[], Any]) -> Any:
        if not self._is_walled:
            return read()
        with reading_for(self._member):
            return read()

    def _fetch_all(self) -> None:
        if self._is_walled and self._result_cache is None:
            self._result_cache = self._read(lambda: [*self._iterable_class(self)])  # type: ignore[misc]
        super()._fetch_all()

    def count(self) -> int:
        return self._read(super().count)

    def exists(self) -> bool:
        return self._read(super().exists)

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return self._read(lambda: super(Walled, self).aggregate(*args, **kwargs))

    def explain(self, **given: Any) -> str:
        return self._read(lambda: super(Walled, self).explain(**given))

    def iterator(self, chunk_size: int | None = None) -> Any:
        if self._is_walled:
            _refuse("read in pieces by a key: nothing keeps a transaction open behind the wall")
        return super().iterator(chunk_size=chunk_size)

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        if self._is_walled:
            _refuse("the statement around these rows would be read without the wall")
        return super().resolve_expression(*args, **kwargs)


def _refuse(why: str) -> NoReturn:
    raise TypeError(f"rows behind the wall: {why}")
