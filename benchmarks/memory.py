"""How much memory something takes at most: of this process, and of the database's process that serves it."""

import threading
from pathlib import Path
from types import TracebackType

from benchmarks.place import execute

_EVERY = 0.02  # seconds


class Watch:
    """Watches the memory that is a process's own, the shared buffers not counted, for as long as it is open."""

    def __init__(self) -> None:
        self.python = self.database = 0.0  # megabytes
        self._is_over = threading.Event()

    def __enter__(self) -> "Watch":
        (backend,) = execute("SELECT pg_backend_pid()")[0]
        self._thread = threading.Thread(target=self._look, args=(Path("/proc/self"), Path(f"/proc/{backend}")))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _look(self, python: Path, database: Path) -> None:
        while True:
            self.python = max(self.python, _own(python))
            self.database = max(self.database, _own(database))
            if self._is_over.wait(_EVERY):
                return


def _own(process: Path) -> float:
    for line in (process / "status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return 0.0
