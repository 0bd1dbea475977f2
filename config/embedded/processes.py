"""Processes and tools.

Who really runs in a folder, and how to run a program as another user without loose ends.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.embedded.refusals import CannotStart, DiskFull


@dataclass(frozen=True)
class Account:
    """A user of the operating system under whose name the servers run."""

    uid: int
    gid: int
    name: str

    @property
    def is_me(self) -> bool:
        return self.uid == os.geteuid()


@dataclass(frozen=True)
class Process:
    """A live process that works in one of our folders."""

    pid: int
    title: str
    is_ghost: bool  # its folder has been deleted under it

    @property
    def is_postmaster(self) -> bool:
        """The first process of a cluster; its children call themselves `postgres: checkpointer` and so on."""
        return not self.title.startswith("postgres: ")


def working_in(folder: Path, program: str) -> Iterator[Process]:
    """Processes of `program` whose working folder is `folder`: the only proof that a pid is ours.

    A pid file proves nothing: after a crash its number may belong to anybody.
    """
    wanted = os.path.realpath(folder)
    for entry in os.scandir("/proc"):
        if not entry.name.isdecimal():
            continue
        try:
            where = str(Path(f"/proc/{entry.name}/cwd").readlink())
            if where not in (wanted, f"{wanted} (deleted)"):
                continue
            runs = str(Path(f"/proc/{entry.name}/exe").readlink()).removesuffix(" (deleted)")
            title = Path(f"/proc/{entry.name}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # gone meanwhile, or another user's: not ours in either case
        if runs.rsplit("/", 1)[-1] == program:
            yield Process(int(entry.name), title, where != wanted)


def send(signal_number: signal.Signals, processes: Sequence[Process]) -> None:
    for process in processes:
        try:
            os.kill(process.pid, signal_number)
        except ProcessLookupError:
            continue  # it was faster


def wait_until(true: Callable[[], bool], *, seconds: float, pause: float = 0.01) -> bool:
    """Poll until `true()` or the time is over; says which. Pauses grow to a tenth of a second."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() >= end:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)
    return True


def run_tool(
    command: Sequence[str | Path],
    *,
    account: Account,
    output: Path,
    typed: str = "",
    environment: Mapping[str, str] | None = None,
    seconds: float = 120,
) -> int:
    """Run a server's tool as `account`, its words appended to `output`. Returns the exit code.

    Output goes to a file because a daemon started by the tool keeps it open: a pipe would never end. The
    environment is our own: a stray PGDATA or PGHOST of the caller must not reach another server.
    """
    clean = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", **(environment or {})}
    other_user = {} if account.is_me else {"user": account.uid, "group": account.gid, "extra_groups": []}
    try:
        with output.open("ab") as words:
            return subprocess.run(
                [str(part) for part in command],
                input=typed.encode(),
                stdout=words,
                stderr=subprocess.STDOUT,
                env=clean,
                cwd="/",
                timeout=seconds,
                check=False,
                **other_user,  # type: ignore[call-overload]
            ).returncode
    except PermissionError as why:
        raise CannotStart(
            f"{Path(command[0]).name} could not be run as the user {account.name!r} ({why.strerror}). "
            "Start Civitas as an ordinary user, or set DATABASE_URL and REDIS_URL."
        ) from why
    except subprocess.TimeoutExpired as why:
        raise CannotStart(f"{Path(command[0]).name} did not end within {seconds:.0f} s; see {output}.") from why


def refuse_with_words(sentence: str, output: Path) -> CannotStart:
    """A refusal that quotes the last lines a tool wrote, told apart when the disk is full."""
    try:
        words = output.read_text(errors="replace").strip().splitlines()[-6:]
    except OSError:
        words = []
    told = "\n".join(f"    {line}" for line in words)
    # A full disk often leaves no room even for the line that says so.
    if "No space left on device" in told or shutil.disk_usage(output.parent).free < 1024 * 1024:
        return DiskFull(f"{sentence} The disk is full: make room under {output.parent} and start again.\n{told}")
    return CannotStart(f"{sentence} Its last words ({output}):\n{told}")
