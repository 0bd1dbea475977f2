"""The real product as a subprocess: `manage.py up` on a folder and a port of its own, and nothing left of it after."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN = 300.0  # seconds; the first start makes a database, migrates and perhaps loads the demo
STOPPED_WITHIN = 15.0  # seconds; the product itself promises ten
GONE_WITHIN = 10.0  # seconds for the servers, which go when their last user has gone

# All browsers come from one address: limits meant for strangers would stop the tests after ten sign-ins, and limits
# meant for people stop what a load of tips and gifts looks for. Limits have tests of their own (test_limits.py of
# config/lib, economy/ledger and social/feed, test_throttles.py, accounts/signin/tests/test_sending.py).
GENEROUS = {
    "CODES_PER_ADDRESS_HOUR": 100_000,
    "WRONG_CODES_PER_ADDRESS_DAY": 100_000,
    "CODES_PER_NUMBER_MINUTE": 100,
    "CODES_PER_NUMBER_10_MINUTES": 100,
    "CODES_PER_NUMBER_HOUR": 100,
    "CODES_PER_NUMBER_DAY": 100,
    "CODES_PER_BLOCK_DAY": 100_000,
    "CODES_UNPROVED_FREE": 100,
    "API_PER_MEMBER_MINUTE": 1_000_000,
    "API_PER_ADDRESS_MINUTE": 1_000_000,
    "TIPS_PER_MINUTE": 1_000_000,
    "TIPS_PER_DAY": 1_000_000,
    "TAKE_BACKS_PER_DAY": 100,
    "GIFTS_PER_MINUTE": 1_000_000,
    "PASSWORDS_PER_ACCOUNT_HOUR": 1_000,
    "PASSWORDS_PER_ADDRESS_HOUR": 1_000,
    "RESETS_PER_ADDRESS_HOUR": 1_000,
    "RESETS_PER_EMAIL_HOUR": 1_000,
}


class NotStarted(Exception):
    """The product did not become ready; the message ends with what it said last."""


@dataclass
class Web:
    """One more web process of a running product, on a port of its own."""

    port: int
    process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class LeftBehind(Exception):
    """Processes of the product that outlived it."""


@dataclass
class Product:
    """A running product. `folder` is thrown away with it."""

    folder: Path
    port: int
    arguments: tuple[str, ...] = ("--no-demo",)
    demo_members: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    readiness: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def data_dir(self) -> Path:
        return self.folder / "d"  # short: the path of a socket has 107 bytes

    @property
    def log(self) -> Path:
        return self.folder / "up.log"

    @property
    def environment(self) -> dict[str, str]:
        # Never the database or the broker of whoever runs the tests.
        own = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        return own | {
            "DATA_DIR": str(self.data_dir),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "DJANGO_DEBUG": "true",
            "PYTHONUNBUFFERED": "1",
        }

    def start(self) -> None:
        """Start it and wait until /readyz says so. May raise NotStarted."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", *self.arguments],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the tests, which then stop the product in order
            )
        end = time.monotonic() + READY_WITHIN
        while not self._is_ready():
            if self.process.poll() is not None:
                raise NotStarted(f"`manage.py up` ended with {self.process.returncode}:\n{self.last_words()}")
            if time.monotonic() > end:
                raise NotStarted(
                    f"/readyz was not 200 after {READY_WITHIN:.0f} s but said: {self.readiness}\n{self.last_words()}"
                )
            time.sleep(0.1)

    def manage(self, *words: str) -> str:
        """What a `manage.py` command beside the running product says."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        if done.returncode:
            raise NotStarted(f"`manage.py {words[0]}` ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    @contextlib.contextmanager
    def one_more_web(self) -> Iterator[Web]:
        """A web process beside those of `up`, as a second machine would run it; cookies hold for its port too."""
        port = free_port()
        with (self.folder / "web.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "uvicorn", "config.asgi:application", f"--port={port}", "--lifespan=off"],
                cwd=ROOT,
                env=self.environment | {"CIVITAS_PROCESS": "web", "PORT": str(port)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        web = Web(port, process)
        try:
            end = time.monotonic() + READY_WITHIN
            while not self._is_ready(web.url):
                if process.poll() is not None or time.monotonic() > end:
                    raise NotStarted((self.folder / "web.log").read_text(errors="replace"))
                time.sleep(0.1)
            yield web
        finally:
            process.terminate()
            try:
                process.wait(STOPPED_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def shell(self, code: str) -> str:
        """What some lines of Python say that run beside the product."""
        return self.manage("shell", "--verbosity=0", "--no-imports", "-c", code)

    def fill(self) -> None:
        """Load the demo community, when one was asked for."""
        if self.demo_members:
            self.manage("demo", f"--members={self.demo_members}")

    def be_generous(self) -> None:
        """Raise the limits, as an admin could."""
        lines = "\n".join(f"config.{name} = {value}" for name, value in GENEROUS.items())
        self.shell(f"from constance import config\n{lines}")

    def stop(self) -> None:
        """SIGTERM, and nothing may be left. May raise LeftBehind."""
        if self.process is None:
            return
        is_late = False
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOPPED_WITHIN)
            except subprocess.TimeoutExpired:
                is_late = True
                self.process.kill()
                self.process.wait()
        left = self._left_after(GONE_WITHIN)
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if is_late:
            raise LeftBehind(f"the product had not stopped {STOPPED_WITHIN:.0f} s after SIGTERM:\n{self.last_words()}")
        if left:
            named = "\n".join(f"{pid}  {words}" for pid, words in left.items())
            raise LeftBehind(f"processes outlived the product:\n{named}")

    def last_words(self, lines: int = 40) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _is_ready(self, url: str = "") -> bool:
        try:
            with urllib.request.urlopen(f"{url or self.url}/readyz", timeout=5) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)
        except urllib.error.HTTPError as refusal:
            self.readiness = f"{refusal.code} {refusal.read(2000).decode(errors='replace')}"
            return False
        except OSError as error:
            self.readiness = str(error)
            return False

    def _left_after(self, seconds: float) -> dict[int, str]:
        end = time.monotonic() + seconds
        while (left := self._ours()) and time.monotonic() < end:
            time.sleep(0.2)
        return left

    def _ours(self) -> dict[int, str]:
        """Processes that were started with our folder, by id, with their command lines."""
        mark = os.fsencode(self.data_dir)
        found = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            with contextlib.suppress(OSError):  # it has just ended, or is another user's
                command = (entry / "cmdline").read_bytes()
                if command and (mark in command or b"DATA_DIR=" + mark + b"\0" in (entry / "environ").read_bytes()):
                    found[int(entry.name)] = command.replace(b"\0", b" ").decode(errors="replace")[:160]
        return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(*, demo_members: int = 0) -> Iterator[Product]:
    """A product that is ready, until the block ends: empty, or with a demo community of that many members."""
    folder = Path(tempfile.mkdtemp(prefix="civitas-"))
    # Started by root, its database runs as another user, who has to step through.
    folder.chmod(0o711)
    product = Product(folder, free_port(), demo_members=demo_members)
    try:
        product.start()
        product.fill()
        product.be_generous()
        yield product
    finally:
        try:
            product.stop()
        finally:
            shutil.rmtree(folder, ignore_errors=True)
