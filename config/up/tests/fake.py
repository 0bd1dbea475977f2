"""Stand-ins for web, worker and beat: `python -m config.up.child config.up.tests.fake HOW NOTES`."""

import multiprocessing
import os
import signal
import sys
import time
from pathlib import Path


def note(folder: Path, what: str) -> None:
    """Leave this process's number where the test finds it."""
    (folder / f"{what}-{os.getpid()}").touch()


def descend(folder: str) -> None:
    note(Path(folder), "spawned")
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(60)


def main() -> None:
    how, folder = sys.argv[1], Path(sys.argv[2])
    print(f"hello from {how}", flush=True)  # noqa: T201
    if how == "dying":
        note(folder, "started")
        raise SystemExit(3)
    if how == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if not os.fork():
            note(folder, "forked")
            time.sleep(60)
            os._exit(0)
        from config.up.tests.fake import descend  # by a name that the spawned process can import too

        multiprocessing.get_context("spawn").Process(target=descend, args=(str(folder),)).start()
    note(folder, "started")
    time.sleep(60)


if __name__ == "__main__":
    main()
