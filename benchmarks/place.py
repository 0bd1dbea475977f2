"""A place of its own for every run: a temporary DATA_DIR with embedded servers that keep their promises (fsync on)."""

import atexit
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).parent / "reference"


@dataclass(frozen=True)
class Server:
    """The programs of the embedded PostgreSQL and how they reach it."""

    folder: Path
    options: tuple[str, ...]
    name: str

    def tool(self, name: str, *arguments: str, **given: object) -> subprocess.CompletedProcess[str]:
        """Run a client program against the database; its output. Raises when it complains."""
        command = [str(self.folder / name), *self.options, *arguments, self.name]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **given)  # type: ignore[call-overload]
        if done.returncode:
            raise RuntimeError(f"{name} failed: {done.stderr.strip()}")
        return done

    def psql(self, script: Path, **variables: object) -> None:
        """Run a script, which may use the variables as :'name' or :name."""
        words = [word for name, value in variables.items() for word in ("-v", f"{name}={value}")]
        self.tool("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(script), *words)


def prepare() -> None:
    """Start the servers and migrate. Call before anything else of Django is imported."""
    folder = Path(tempfile.mkdtemp(prefix="civitas-bench-"))
    folder.chmod(0o755)  # as root, the servers run as a user of their own who must step in
    os.environ |= {
        "DATA_DIR": str(folder),
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "DJANGO_DEBUG": "no",  # with it Django keeps every statement
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "LOG_LEVEL": "WARNING",
    }
    # Registered before the servers register their own end, so it comes after it.
    atexit.register(_remove, os.getpid(), folder)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)

    # A crowd gives more than a member may; the limits are still counted, and part of what is measured.
    from constance import config

    for limit in ("GIFTS_PER_MINUTE", "TIPS_PER_MINUTE", "TIPS_PER_DAY"):
        setattr(config, limit, 10_000_000)


def _remove(owner: int, folder: Path) -> None:
    if os.getpid() != owner:
        return
    home = folder.resolve()
    marker = folder / "log"
    if marker.is_symlink():  # the servers' user could not reach the folder: their files lie elsewhere
        home = marker.resolve().parent
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


@cache
def server() -> Server:
    """The server of this run."""
    from django.conf import settings

    from config.embedded import programs

    database = settings.DATABASES["default"]
    return Server(
        folder=programs.postgres().folder / "bin",
        options=("-h", database["HOST"], "-p", database["PORT"], "-U", database["USER"]),
        name=database["NAME"],
    )


def execute(statement: str, *parameters: Any) -> list[tuple]:
    """Run one statement; its rows, if it has any."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return cursor.fetchall() if cursor.description else []


def settle_down() -> None:
    """Clean up and write out what filling has left, so that it does not fall into the first round."""
    execute("VACUUM ANALYZE")
    # CHECKPOINT is the superuser's; the clients of the socket are trusted.
    found = server()
    command = [str(found.folder / "psql"), *found.options[:4], "-U", "postgres", "-X", "-q", "-c", "CHECKPOINT"]
    subprocess.run([*command, found.name], capture_output=True, check=True)


def pgbench(script: Path, *, clients: int, seconds: float, **variables: object) -> float:
    """Transactions per second of a script, prepared, without the time to connect."""
    words = [word for name, value in variables.items() for word in ("-D", f"{name}={value}")]
    done = server().tool(
        "pgbench", "-n", "-M", "prepared", "-f", str(script), "-c", str(clients), "-j", str(min(clients, 2)),
        "-T", str(max(1, round(seconds))), *words,
    )  # fmt: skip
    line = next(line for line in done.stdout.splitlines() if line.startswith("tps ="))
    return float(line.split()[2])
