"""Processes that do the same thing at the same time, kept from round to round so that starting them is not measured."""

import contextlib
import multiprocessing
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

# Makes what it needs, outside of the time that counts, and hands back what is done again and again.
Errand = Callable[..., Callable[[], Any]]

_BEGIN_IN = 0.05  # seconds in which all have heard


@dataclass(frozen=True)
class Work:
    """What the processes did together: how often, how long the longest took, of how many."""

    rate: float  # per second
    longest: float  # seconds
    times: int


class Crowd:
    """Some processes, each with a database connection of its own."""

    def __init__(self, ends: list[Connection]) -> None:
        self._ends = ends

    def work(self, errand: Errand, *given: Any, seconds: float, people: int | None = None) -> Work:
        """Let the processes (or the first `people` of them) run an errand for some time."""
        self.start(errand, *given, seconds=seconds, people=people)
        return self.wait(people=people)

    def start(self, errand: Errand, *given: Any, seconds: float, people: int | None = None) -> None:
        some = self._ends[:people]
        for number, end in enumerate(some):
            end.send((errand, (number, *given)))
        for end in some:
            _heard(end)
        begin = time.monotonic() + _BEGIN_IN
        for end in some:
            end.send((begin, begin + seconds))

    def wait(self, *, people: int | None = None) -> Work:
        done = [_heard(end) for end in self._ends[:people]]
        return Work(
            rate=sum(times / spent for times, spent, _longest in done),
            longest=max(longest for _times, _spent, longest in done),
            times=sum(times for times, _spent, _longest in done),
        )


def _heard(end: Connection) -> Any:
    answer = end.recv()
    if isinstance(answer, BaseException):
        raise answer
    return answer


@contextlib.contextmanager
def crowd(people: int) -> Iterator[Crowd]:
    """Start the processes; end them when done."""
    from django.db import connections

    connections.close_all()  # a connection shared by two processes would be the end of both
    context = multiprocessing.get_context("fork")
    pairs = [context.Pipe() for _ in range(people)]
    members = [context.Process(target=_live, args=(theirs,), daemon=True) for _ours, theirs in pairs]
    for member in members:
        member.start()
    try:
        yield Crowd([ours for ours, _theirs in pairs])
    finally:
        for ours, _theirs in pairs:
            with contextlib.suppress(OSError):
                ours.send(None)
        for member in members:
            member.join(10)


def _live(end: Connection) -> None:
    while (task := end.recv()) is not None:
        errand, given = task
        try:
            act = errand(*given)
            act()
            end.send("ready")
            begin, until = end.recv()
            end.send(_repeat(act, begin, until))
        except Exception as error:
            end.send(RuntimeError(f"{type(error).__name__}: {error}"))


def _repeat(act: Callable[[], Any], begin: float, until: float) -> tuple[int, float, float]:
    clock = time.monotonic
    time.sleep(max(0.0, begin - clock()))
    times, longest = 0, 0.0
    started = before = clock()
    while before < until:
        act()
        after = clock()
        longest = max(longest, after - before)
        before = after
        times += 1
    return times, before - started, longest
