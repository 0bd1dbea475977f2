"""Crashes for tests: the process that talks to the database is gone between two statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


class Crash(BaseException):
    """The process that ran a job is gone; nothing in the house may catch it."""


@contextmanager
def crashing(after: int | None) -> Iterator[None]:
    """The connection is cut before the next statement but `after`; None: never."""
    left = after

    def count(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        if left is not None:
            if left == 0:
                raise Crash()
            left -= 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield
