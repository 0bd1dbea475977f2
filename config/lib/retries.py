"""Another try for what the database could not do for the moment: a lock that was not to be had, a deadlock it broke.

Nothing was done then, so trying again is safe. At most three tries more, with growing pauses of random length, so that
those who collided do not meet again; after that, or when the caller has waited long enough, the refusal (503) stands.
"""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, connection

from config.lib.refusals import Busy, refusal_in

MOST_RETRIES = 3
_FIRST_PAUSE = 0.05  # seconds, at most; it doubles
_PATIENCE = 6.0  # seconds: a lock_timeout of 3 s may be met twice, not four times

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def tried_again(operation: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """For operations that are one transaction. Inside another one they run once, because that one is over anyway."""

    @wraps(operation)
    def patient(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        if connection.in_atomic_block:
            return operation(*args, **kwargs)
        begun = time.monotonic()
        for retry in range(MOST_RETRIES):
            try:
                return operation(*args, **kwargs)
            except (Busy, DatabaseError) as error:
                is_worth_it = isinstance(error, Busy) or isinstance(refusal_in(error), Busy)
                if not is_worth_it or time.monotonic() - begun > _PATIENCE:
                    raise
            time.sleep(random.uniform(0, _FIRST_PAUSE * 2**retry))  # noqa: S311 - not a secret
        return operation(*args, **kwargs)

    return patient
