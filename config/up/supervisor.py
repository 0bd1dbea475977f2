"""Start processes, pass on what they say, bring back what dies, stop all of them in time."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import IO

from config.embedded import CannotStart
from config.up.child import PARENT

COLOURS = ("36", "33", "35", "32")
LONGEST_PAUSE = 30.0  # seconds between two starts of what keeps dying
LONG_ENOUGH = 60.0  # seconds of life after which a process counts as healthy again
CARE = 2.0  # seconds between two looks at the servers
PATIENCE = 8.0  # seconds from SIGTERM to SIGKILL
LONGEST_LINE = 64 * 1024  # bytes; a child that never ends its line must not fill our memory


@dataclass(frozen=True)
class Program:
    """One process to keep running: `python -m module arguments`."""

    name: str
    module: str
    arguments: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    is_errand: bool = False  # done when it ends; not started again


class Voice:
    """Writes whole lines with the speaker's name before them, coloured on a terminal."""

    def __init__(self, out: IO[str], names: Sequence[str]) -> None:
        self.out = out
        self.width = max(len(name) for name in (*names, "up"))
        is_colourful = out.isatty() and "NO_COLOR" not in os.environ
        self.colours = dict(zip(names, COLOURS, strict=False)) if is_colourful else {}
        self.lock = threading.Lock()
        self.is_deaf = False

    def say(self, name: str, line: str) -> None:
        colour = self.colours.get(name)
        label = f"{name.ljust(self.width)} |"
        text = f"\x1b[{colour}m{label}\x1b[0m {line}\n" if colour else f"{label} {line}\n"
        with self.lock:
            if self.is_deaf:
                return
            try:
                self.out.write(text)
                self.out.flush()
            except (OSError, ValueError):
                # Nobody listens any more (`make run | head`). The children must go on, so their pipes are
                # still read.
                self.is_deaf = True


class Child:
    """One program with its present process, if it has one."""

    def __init__(self, program: Program, voice: Voice) -> None:
        self.program = program
        self.voice = voice
        self.process: subprocess.Popen[bytes] | None = None
        self.born = 0.0
        self.next_start = 0.0
        self.pause = 1.0

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C reaches the supervisor alone, who stops all in order."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.up.child", self.program.module, *self.program.arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.program.environment, PARENT: str(os.getpid())},
        )
        self.born = time.monotonic()
        threading.Thread(target=self._listen, args=(self.process,), daemon=True).start()

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        said = process.stdout
        assert said is not None  # noqa: S101 - for the type checker: it was asked for above
        while line := said.readline(LONGEST_LINE):
            self.voice.say(self.program.name, line.decode(errors="replace").rstrip("\r\n"))

    def look_after(self, now: float) -> None:
        """Notice a death and start again after a pause that grows: 1, 2, 4 … 30 s."""
        if self.process is None:
            if now >= self.next_start:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.kill_group()  # what it left behind would keep the port
        if self.program.is_errand:
            if code:
                self.voice.say("up", f"{self.program.name} was not completed (exit code {code})")
            self.process, self.next_start = None, float("inf")
            return
        if now - self.born > LONG_ENOUGH:
            self.pause = 1.0
        cause = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        self.voice.say("up", f"{self.program.name} ended {cause}; starting it again in {self.pause:.0f} s")
        self.process = None
        self.next_start = now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def terminate(self) -> None:
        if self.process is not None and self.is_alive:
            self.process.send_signal(signal.SIGTERM)

    def kill_group(self) -> None:
        """SIGKILL to the process and its descendants; they share its session and with it the group."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


class Supervisor:
    """Keeps programs running until SIGINT or SIGTERM."""

    def __init__(self, programs: Sequence[Program], *, out: IO[str]) -> None:
        self.voice = Voice(out, [program.name for program in programs])
        self.children = [Child(program, self.voice) for program in programs]
        self.stopping = threading.Event()
        self.is_hurried = False

    def run(
        self, *, when_started: Callable[[], None] | None = None, servers: Callable[[], object] | None = None
    ) -> None:
        """Start everything, look after it, and return once all of it has stopped.

        `servers` is called every other second and brings back a database that was killed under the children.
        """
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._asked_to_stop)
        for child in self.children:
            child.start()
        if when_started:
            threading.Thread(target=when_started, daemon=True).start()
        carer = threading.Thread(target=self._care_for, args=(servers,), daemon=True)
        if servers:
            carer.start()
        while not self.stopping.wait(0.1):
            now = time.monotonic()
            for child in self.children:
                child.look_after(now)
        self.stop()
        if servers:
            carer.join()  # a server that is just being started must not be left behind

    def _care_for(self, servers: Callable[[], object]) -> None:
        pause = CARE
        while not self.stopping.wait(pause):
            try:
                servers()
                pause = CARE
            except CannotStart as why:
                pause = min(pause * 2, LONGEST_PAUSE)
                self.voice.say("up", f"{why} Trying again in {pause:.0f} s.")

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.is_hurried = self.stopping.is_set()  # asked twice
        self.stopping.set()

    def stop(self) -> None:
        """SIGTERM to all at once, SIGKILL to whoever is still there after PATIENCE or a second Ctrl-C."""
        self.voice.say("up", "stopping")
        for child in self.children:
            child.terminate()
        end = time.monotonic() + PATIENCE
        while any(child.is_alive for child in self.children):
            if self.is_hurried or time.monotonic() > end:
                break
            time.sleep(0.05)
        for child in self.children:
            child.kill_group()
            if child.process is not None:
                child.process.wait()
        self.voice.say("up", "stopped")
