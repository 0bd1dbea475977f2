"""Real servers in a folder of their own; each user is a process, for locks and exits are what is tested."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from config import embedded
from config.embedded import programs
from config.embedded.places import known
from config.embedded.processes import Process, wait_until, working_in

USER = """
import sys
from pathlib import Path
from config import embedded
servers = embedded.ensure(Path(sys.argv[1]), for_tests="for-tests" in sys.argv)
print(servers.host, servers.socket, flush=True)
sys.stdin.read()
"""


class User:
    """A process that uses the embedded servers until it is told to leave."""

    def __init__(self, data_dir: Path, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(data_dir), *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def told(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        if not line:
            raise AssertionError(self.process.communicate()[1])
        return line

    def leave(self) -> None:
        self.process.communicate(timeout=20)


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    # pytest closes its folders to everybody else; the servers' user of a root run must be able to pass.
    folder = Path("/tmp") / f"civitas-tests-{os.getpid()}-{tmp_path.name}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    folder.chmod(0o755)
    yield folder / "var"
    for process in everyone(folder / "var"):
        os.kill(process.pid, signal.SIGKILL)
    places = known(folder / "var")
    if places is not None and places.home != places.root:
        shutil.rmtree(places.home)
    shutil.rmtree(folder)


def everyone(root: Path) -> list[Process]:
    places = known(root)
    home = places.home if places else root
    return [
        *working_in(home / "postgres", "postgres"),
        *working_in(home / "redis", "valkey-server"),
    ]


def postmaster(root: Path) -> int:
    places = known(root)
    assert places is not None
    (first,) = [p.pid for p in working_in(places.home / "postgres", "postgres") if p.is_postmaster]
    return first


def ask(root: Path, question: str) -> list[tuple[object, ...]]:
    places = known(root)
    assert places is not None
    with psycopg.connect(host=str(places.run), dbname="civitas", user="civitas", autocommit=True) as line:
        found = line.execute(question)
        return found.fetchall() if found.description else []


def test_the_first_start_makes_a_database_and_the_last_user_stops_it(data_dir: Path) -> None:
    alice, bob = User(data_dir), User(data_dir)
    alice.told()
    bob.told()
    ((name, is_super, may_create),) = ask(
        data_dir, "SELECT rolname, rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    )
    assert (name, is_super, may_create) == ("civitas", False, True)
    ((locale, timezone, statements),) = ask(
        data_dir,
        "SELECT datlocale, current_setting('timezone'), current_setting('log_statement')"
        " FROM pg_database WHERE datname = 'civitas'",
    )
    assert (locale, timezone, statements) == ("C.UTF-8", "UTC", "none")
    before = postmaster(data_dir)
    alice.leave()
    assert postmaster(data_dir) == before  # bob is still here
    bob.leave()
    assert everyone(data_dir) == []


def test_a_second_start_keeps_the_data_and_a_running_pair_is_found_at_once(data_dir: Path) -> None:
    alice = User(data_dir)
    alice.told()
    ask(data_dir, "CREATE TABLE kept AS SELECT 42 AS answer")
    alice.leave()
    bob = User(data_dir)
    bob.told()
    assert ask(data_dir, "SELECT answer FROM kept") == [(42,)]
    times = []
    for _ in range(5):
        began = time.perf_counter()
        embedded.ensure(data_dir)
        times.append(time.perf_counter() - began)
    assert min(times) < 0.05
    bob.leave()


def test_four_starters_at_once_make_one_pair(data_dir: Path) -> None:
    users = [User(data_dir) for _ in range(4)]
    assert len({user.told() for user in users}) == 1
    assert postmaster(data_dir)
    for user in users:
        user.leave()
    assert everyone(data_dir) == []


def test_a_killed_server_comes_back_with_its_data(data_dir: Path) -> None:
    alice = User(data_dir)
    alice.told()
    ask(data_dir, "CREATE TABLE kept AS SELECT 42 AS answer")
    for process in everyone(data_dir):
        with suppress(ProcessLookupError):  # a backend that has just done its work
            os.kill(process.pid, signal.SIGKILL)
    alice.process.kill()
    alice.leave()
    bob = User(data_dir)
    bob.told()
    assert ask(data_dir, "SELECT answer FROM kept") == [(42,)]
    bob.leave()
    assert everyone(data_dir) == []


def test_a_killed_postmaster_alone_is_replaced_once_its_children_are_gone(data_dir: Path) -> None:
    alice = User(data_dir)
    alice.told()
    os.kill(postmaster(data_dir), signal.SIGKILL)
    bob = User(data_dir)
    bob.told()
    assert ask(data_dir, "SELECT 1") == [(1,)]
    alice.leave()
    bob.leave()


def test_a_killed_user_leaves_servers_that_the_next_one_takes_over(data_dir: Path) -> None:
    alice = User(data_dir)
    alice.told()
    before = postmaster(data_dir)
    alice.process.kill()
    alice.leave()
    assert postmaster(data_dir) == before
    bob = User(data_dir)
    bob.told()
    assert postmaster(data_dir) == before
    bob.leave()
    assert everyone(data_dir) == []


def test_a_foreign_process_whose_number_stands_in_the_pid_file_lives_on(data_dir: Path) -> None:
    alice = User(data_dir)
    alice.told()
    for process in everyone(data_dir):
        os.kill(process.pid, signal.SIGKILL)
    assert wait_until(lambda: not everyone(data_dir), seconds=5)
    alice.leave()
    stranger = subprocess.Popen(["sleep", "60"])
    places = known(data_dir)
    assert places is not None
    note = places.home / "postgres" / "postmaster.pid"
    note.write_text("\n".join([str(stranger.pid), *note.read_text().splitlines()[1:]]) + "\n")
    bob = User(data_dir)
    bob.told()
    bob.leave()
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_nothing_listens_on_the_network(data_dir: Path) -> None:
    alice = User(data_dir)
    alice.told()
    sockets = set()
    for process in everyone(data_dir):
        for handle in Path(f"/proc/{process.pid}/fd").iterdir():
            try:
                sockets.add(str(handle.readlink()))
            except FileNotFoundError:
                continue
    listening = {
        f"socket:[{line.split()[9]}]"
        for table in ("tcp", "tcp6", "udp", "udp6")
        for line in Path("/proc/net", table).read_text().splitlines()[1:]
    }
    assert any(name.startswith("socket:") for name in sockets)
    assert not sockets & listening
    alice.leave()


def test_folders_above_keep_their_permissions(data_dir: Path) -> None:
    above = [data_dir.parent, *data_dir.parent.parents]
    data_dir.parent.chmod(0o700)
    before = [stat.S_IMODE(folder.stat().st_mode) for folder in above]
    alice = User(data_dir)
    alice.told()
    assert ask(data_dir, "SELECT 1") == [(1,)]
    alice.leave()
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in above] == before
    places = known(data_dir)
    assert places is not None
    if os.geteuid() == 0:  # then the servers' user could not have passed, so they live elsewhere
        assert places.home != data_dir
    for folder in ("postgres", "run", "redis", "log"):
        assert stat.S_IMODE((places.home / folder).stat().st_mode) == 0o700


def test_a_long_path_with_spaces_and_quotes_works(data_dir: Path) -> None:
    deep = data_dir / "a folder with spaces" / "and o'clock" / ("long" * 20)
    alice = User(deep)
    host, _, socket = alice.told().partition(" ")
    assert len(host) < 80
    assert Path(socket).is_socket()
    assert ask(deep, "SELECT 1") == [(1,)]
    run = known(deep)
    alice.leave()
    assert run is not None
    for process in everyone(deep):
        raise AssertionError(process)
    shutil.rmtree(run.run)


def test_a_forked_child_that_ends_leaves_the_servers_to_its_parent(data_dir: Path) -> None:
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom config import embedded\n"
        "embedded.ensure(Path(sys.argv[1]))\n"
        "child = os.fork()\n"
        "if not child: sys.exit(0)\n"  # a full exit, which runs the exit hooks
        "os.waitpid(child, 0)\n"
        "print('child is gone', flush=True)\nsys.stdin.read()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    assert parent.stdout.readline().strip() == "child is gone"
    assert ask(data_dir, "SELECT 1") == [(1,)]
    parent.communicate(timeout=20)
    assert everyone(data_dir) == []


def test_the_tests_pair_is_another_one_without_fsync(data_dir: Path) -> None:
    alice = User(data_dir, "for-tests")
    alice.told()
    assert not (data_dir / "postgres").exists()
    ((fsync, connections),) = ask(
        data_dir / "test", "SELECT current_setting('fsync'), current_setting('max_connections')"
    )
    assert (fsync, connections) == ("off", "200")
    alice.leave()
    assert everyone(data_dir / "test") == []


def test_with_both_addresses_given_nothing_is_started(data_dir: Path) -> None:
    servers = embedded.ensure(data_dir, postgres=False, redis=False)
    assert servers.database_url is None
    assert servers.redis_url is None
    assert not data_dir.exists()


def test_with_one_address_given_only_the_other_server_is_started(data_dir: Path) -> None:
    servers = embedded.ensure(data_dir, postgres=False)
    assert servers.database_url is None
    assert servers.socket is not None
    places = known(data_dir)
    assert places is not None
    assert not (places.home / "postgres").exists()


def test_another_major_version_is_refused_in_words(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = User(data_dir)
    alice.told()
    alice.leave()
    monkeypatch.setenv("CIVITAS_PG", "16")
    with pytest.raises(embedded.CannotStart, match="CIVITAS_PG=18"):
        embedded.ensure(data_dir, redis=False)


def test_a_missing_wheel_is_refused_with_the_variable_to_set(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(embedded.CannotStart, match="DATABASE_URL"):
        embedded.ensure(data_dir, redis=False)
    with pytest.raises(embedded.CannotStart, match="REDIS_URL"):
        embedded.ensure(data_dir, postgres=False)
