"""The supervisor with small children in place of web, worker and beat."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded import CannotStart
from config.embedded.processes import wait_until
from config.up.preflight import (
    Address,
    AlreadyRunning,
    PortInUse,
    Reservation,
    names_of,
    refuse_when_port_in_use,
)
from config.up.supervisor import Child, Program, Supervisor, Voice

SUPERVISOR = """
import sys
from config.up.supervisor import Program, Supervisor
folder = sys.argv[1]
programs = [Program(how, "config.up.tests.fake", (how, folder)) for how in sys.argv[2:]]
Supervisor(programs, out=sys.stdout).run()
"""


class Started:
    """A supervisor in a process of its own, and what its children noted."""

    def __init__(self, folder: Path, *hows: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, str(folder), *hows],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def noted(self, what: str) -> list[int]:
        return [int(path.name.rpartition("-")[2]) for path in self.folder.glob(f"{what}-*")]

    def everyone(self) -> list[int]:
        return [pid for what in ("started", "forked", "spawned") for pid in self.noted(what)]

    def wait_for(self, what: str, number: int, *, seconds: float = 10) -> None:
        assert wait_until(lambda: len(self.noted(what)) >= number, seconds=seconds), self.noted(what)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def start(tmp_path: Path) -> Iterator[object]:
    running: list[Started] = []

    def begin(*hows: str) -> Started:
        running.append(Started(tmp_path, *hows))
        return running[-1]

    yield begin
    for supervisor in running:
        supervisor.process.kill()
        supervisor.process.wait()
        supervisor.process.stdout.close()
        for pid in supervisor.everyone():
            if is_alive(pid):
                os.kill(pid, signal.SIGKILL)


def test_what_dies_is_started_again_after_a_growing_pause(start) -> None:
    supervisor = start("dying")
    supervisor.wait_for("started", 3)  # at 0, 1 and 3 seconds
    supervisor.process.terminate()
    said, _ = supervisor.process.communicate(timeout=10)
    assert said.index("starting it again in 1 s") < said.index("starting it again in 2 s")
    assert "dying | hello from dying" in said
    assert "with exit code 3" in said


def test_sigterm_stops_everything_with_exit_code_0(start) -> None:
    supervisor = start("calm", "steady")
    supervisor.wait_for("started", 2)
    began = time.monotonic()
    supervisor.process.terminate()
    supervisor.process.communicate(timeout=10)
    assert supervisor.process.returncode == 0
    assert time.monotonic() - began < 3
    assert not [pid for pid in supervisor.everyone() if is_alive(pid)]


def test_who_ignores_sigterm_is_gone_within_ten_seconds_with_its_children(start) -> None:
    supervisor = start("stubborn")
    supervisor.wait_for("spawned", 1)
    supervisor.wait_for("forked", 1)
    began = time.monotonic()
    supervisor.process.terminate()
    supervisor.process.communicate(timeout=12)
    assert 7 < time.monotonic() - began < 10
    assert not [pid for pid in supervisor.everyone() if is_alive(pid)]


def test_a_second_ctrl_c_does_not_wait(start) -> None:
    supervisor = start("stubborn")
    supervisor.wait_for("spawned", 1)
    supervisor.process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    supervisor.process.send_signal(signal.SIGINT)
    supervisor.process.communicate(timeout=4)
    assert not [pid for pid in supervisor.everyone() if is_alive(pid)]


def test_nothing_outlives_a_kill_of_the_supervisor(start) -> None:
    supervisor = start("stubborn", "calm")
    supervisor.wait_for("spawned", 1)
    supervisor.wait_for("forked", 1)
    supervisor.wait_for("started", 2)
    supervisor.process.kill()
    assert wait_until(lambda: not [pid for pid in supervisor.everyone() if is_alive(pid)], seconds=3)


def test_a_killed_child_takes_its_children_along_and_comes_back(start) -> None:
    supervisor = start("stubborn")
    supervisor.wait_for("spawned", 1)
    supervisor.wait_for("forked", 1)
    first = supervisor.everyone()
    os.kill(supervisor.noted("started")[0], signal.SIGKILL)
    assert wait_until(lambda: not [pid for pid in first if is_alive(pid)], seconds=3)
    supervisor.wait_for("started", 2)


def test_a_reader_who_leaves_does_not_stop_the_children(start) -> None:
    supervisor = start("dying", "calm")
    supervisor.wait_for("started", 2)
    supervisor.process.stdout.close()
    supervisor.wait_for("started", 4)  # the dying one still comes back, though nobody reads
    assert supervisor.process.poll() is None


def test_the_servers_are_looked_after_until_the_stop(capsys: pytest.CaptureFixture[str]) -> None:
    looks: list[float] = []

    def servers() -> None:
        looks.append(time.monotonic())
        if len(looks) == 1:
            raise CannotStart("no room.")
        os.kill(os.getpid(), signal.SIGTERM)

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        Supervisor([], out=sys.stdout).run(servers=servers)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert len(looks) == 2
    assert "no room. Trying again in 4 s." in capsys.readouterr().out


def test_a_second_supervisor_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    first, second = Reservation(tmp_path, ("web", "beat")), Reservation(tmp_path, ("worker", "web"))
    first.take(Address("127.0.0.1", 8123))
    with pytest.raises(AlreadyRunning, match=rf"process {os.getpid()}, at http://127.0.0.1:8123/"):
        second.look()
    with pytest.raises(AlreadyRunning):
        second.take(Address("127.0.0.1", 8124))
    Reservation(tmp_path, ("worker",)).take(Address("127.0.0.1", 8124))  # the refused one kept nothing
    first.release()
    Reservation(tmp_path, ("web",)).look()


def test_looking_takes_no_lock(tmp_path: Path) -> None:
    held = Reservation(tmp_path, ("web",))
    held.take(Address("127.0.0.1", 8123))
    held.release()
    Reservation(tmp_path, ("web",)).look()
    with (tmp_path / "up-web.lock").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_port_in_use_is_refused_with_another_to_choose() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortInUse, match=f"PORT={port + 1}"):
            refuse_when_port_in_use(Address("127.0.0.1", port))


@pytest.mark.parametrize(
    ("only", "names"),
    [
        (None, ("web", "worker", "beat")),
        ([["beat", "web"]], ("web", "beat")),
        ([["worker"], ["worker"]], ("worker",)),
    ],
)
def test_only_chooses_processes_in_their_order(only: list[list[str]] | None, names: tuple[str, ...]) -> None:
    assert names_of(only) == names


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "http://127.0.0.1:80/"), ("0.0.0.0", "http://127.0.0.1:80/"), ("::", "http://[::1]:80/")],  # noqa: S104 - an address to show, not to bind
)
def test_the_address_is_one_that_a_browser_here_can_open(host: str, url: str) -> None:
    assert Address(host, 80).url == url


def test_an_errand_runs_once(tmp_path: Path):
    out = (tmp_path / "said").open("w+")
    program = Program("errand", "config.up.tests.fake", ("dying", str(tmp_path)), is_errand=True)
    errand = Child(program, Voice(out, ["errand"]))
    errand.start()
    assert wait_until(lambda: not errand.is_alive, seconds=10)
    errand.look_after(time.monotonic())
    errand.look_after(time.monotonic() + 3600)
    assert errand.process is None
    assert len(list(tmp_path.glob("started-*"))) == 1
