"""What keeps `up` from starting, looked at before anything is started: a running one, a port in use."""

import argparse
import errno
import fcntl
import json
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from config.embedded import CannotStart
from config.settings import environment as read

NAMES = ("web", "worker", "beat")


class AlreadyRunning(CannotStart):
    """Another supervisor holds this DATA_DIR."""


class PortInUse(CannotStart):
    """Something else listens where the web process would."""


@dataclass(frozen=True)
class Address:
    """Where the web process listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The address to type into a browser on this machine."""
        reachable = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(self.host, self.host)  # noqa: S104
        return f"http://[{reachable}]:{self.port}/" if ":" in reachable else f"http://{reachable}:{self.port}/"


def address() -> Address:
    """HOST and PORT, read as strictly as every other setting."""
    return Address(
        os.environ.get("HOST", "").strip() or "127.0.0.1",
        read.whole_number("PORT", 8000, least=1, most=65535),
    )


def data_dir() -> Path:
    """DATA_DIR as the settings see it.

    Asked without loading them, because loading starts the embedded servers.
    """
    return Path(read.env.str("DATA_DIR", default=str(read.BASE_DIR / "var"))).resolve()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-demo", action="store_true", help="do not load the demo community at the first start")
    parser.add_argument(
        "--only",
        action="append",
        nargs="+",
        choices=NAMES,
        metavar="NAME",
        help="only these of web, worker and beat",
    )
    parser.add_argument("--access-log", action="store_true", help="a line for every request")


def names_of(only: list[list[str]] | None) -> tuple[str, ...]:
    """The processes to run, in their fixed order."""
    wanted = {name for group in only or [] for name in group}
    return tuple(name for name in NAMES if name in wanted) or NAMES


class Reservation:
    """One lock per process name in DATA_DIR, each telling who holds it and where to find them."""

    def __init__(self, folder: Path, names: tuple[str, ...]) -> None:
        self.folder = folder
        self.names = names
        self.handles: list[int] = []

    def take(self, at: Address) -> None:
        """Refuses with AlreadyRunning; the locks end with the process, whatever ends it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in self.names:
            handle = os.open(self._path(name), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            self.handles.append(handle)
            if os.geteuid() == 0:  # on a folder of an ordinary user, who must be able to take it next time
                owner = self.folder.stat()
                os.fchown(handle, owner.st_uid, owner.st_gid)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self.release()
                raise self._refusal(name) from None
            os.ftruncate(handle, 0)
            os.pwrite(handle, json.dumps({"pid": os.getpid(), "url": at.url}).encode(), 0)

    def release(self) -> None:
        while self.handles:
            os.close(self.handles.pop())

    def look(self) -> None:
        """Refuse as `take` would, without taking anything."""
        for name in self.names:
            try:
                handle = os.open(self._path(name), os.O_RDONLY | os.O_CLOEXEC)
            except FileNotFoundError:
                continue
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                raise self._refusal(name) from None
            finally:
                os.close(handle)

    def _path(self, name: str) -> Path:
        return self.folder / f"up-{name}.lock"

    def _refusal(self, name: str) -> AlreadyRunning:
        try:
            holder = json.loads(self._path(name).read_text())
            who = f"process {holder['pid']}, at {holder['url']}"
        except (OSError, ValueError, KeyError):
            who = "another process"  # it is about to write its note
        return AlreadyRunning(
            f"Civitas is already running on {self.folder} ({who}). Stop it with Ctrl-C there, "
            "or give this one a DATA_DIR and a PORT of its own."
        )


def refuse_when_port_in_use(at: Address) -> None:
    """Try to listen where the web process will; refuses with PortInUse or a sentence about the address."""
    try:
        family = socket.getaddrinfo(at.host, at.port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((at.host, at.port))
            trial.listen(1)
    except OSError as why:
        if why.errno == errno.EADDRINUSE:
            raise PortInUse(
                f"port {at.port} of {at.host} is in use by another program. Choose another: PORT={at.port + 1} make run"
            ) from None
        if why.errno == errno.EACCES:
            raise CannotStart(
                f"port {at.port} may not be opened by this user. Choose one above 1023: PORT=8000."
            ) from None
        raise CannotStart(f"HOST {at.host!r} cannot be listened on ({why.strerror}).") from None


def refuse_early(words: list[str]) -> None:
    """Look before the settings are loaded.

    Exits with 1 and a kind sentence when there is something in the way.
    """
    parser = argparse.ArgumentParser(add_help=False)
    add_arguments(parser)
    names = names_of(parser.parse_known_args(words)[0].only)
    try:
        Reservation(data_dir(), names).look()
        if "web" in names:
            refuse_when_port_in_use(address())
    except CannotStart as why:
        raise SystemExit(str(why)) from None
