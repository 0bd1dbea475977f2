"""A story's clock: deeds wait in the order of their time, and each is done at its own."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from django.db import transaction

from config.lib.refusals import Refused

Deed = Callable[[datetime], None]


@dataclass
class Clock:
    """Deeds until `end`. What a rule refuses (no coins, too late) does not happen, as in life."""

    end: datetime
    done: int = 0
    refused: int = 0
    _waiting: list[tuple[datetime, int, Deed]] = field(default_factory=list)
    _numbers: count = field(default_factory=count)

    def at(self, moment: datetime, deed: Deed) -> None:
        """Let something happen at a moment; after the end it does not."""
        if moment <= self.end:
            heapq.heappush(self._waiting, (moment, next(self._numbers), deed))

    def run(self, passing: Callable[[datetime], None] = lambda moment: None) -> None:
        """Do everything, also what deeds add on the way; `passing` hears the time."""
        while self._waiting:
            moment, _number, deed = heapq.heappop(self._waiting)
            passing(moment)
            try:
                with transaction.atomic():
                    deed(moment)
                self.done += 1
            except Refused:
                self.refused += 1
