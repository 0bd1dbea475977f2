"""Where the servers' files live and who owns them.

As an ordinary user everything lies under DATA_DIR. As root PostgreSQL refuses to run, so a system user runs
it; when that user cannot reach DATA_DIR (a checkout under /root, say), the files move to a folder of their
own under /var/lib, because opening other people's folders is not ours to do. `servers.json` in DATA_DIR
remembers the choice.
"""

import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.embedded.processes import Account
from config.embedded.refusals import CannotStart, NotOurs, PathTooLong

SYSTEM_USER = "civitas-db"
PRIVATE_BASE = Path("/var/lib/civitas")
LONGEST_SOCKET_PATH = 99  # bytes; the kernel takes 107, tools append to it
_LONGEST_SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Places:
    """The folders of one pair of servers: `root` holds the locks, `home` the data, `run` the sockets."""

    root: Path
    home: Path
    run: Path
    account: Account

    @property
    def log(self) -> Path:
        return self.home / "log"

    def folder(self, name: str) -> Path:
        """A folder of the home that only the servers' user (and root) may enter; made when missing."""
        return own_folder(self.home / name, self.account)

    def output(self, name: str) -> Path:
        """A log file that belongs to the servers' user."""
        path = self.folder("log") / name
        if not path.exists():
            path.touch(mode=0o600)
            _give(path, self.account)
        return path


def _give(path: Path, account: Account) -> None:
    if not account.is_me:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def own_folder(path: Path, account: Account) -> Path:
    """Make `path` with mode 0700 for `account`; an existing one must already be its own."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid:
            raise NotOurs(
                f"{path} belongs to another user (uid {found.st_uid}), "
                f"but the servers run as {account.name!r}. "
                "Give it back, remove it, or choose another DATA_DIR."
            ) from None
    else:
        _give(path, account)
    return path


def may_reach(path: Path, account: Account) -> bool:
    """Whether `account` may step into every folder down to `path` (which must exist)."""
    if account.uid == 0:
        return True
    for folder in (path, *path.parents):
        found = folder.stat()
        if found.st_uid == account.uid:
            needed = stat.S_IXUSR
        elif found.st_gid == account.gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not found.st_mode & needed:
            return False
    return True


def _account_of(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise CannotStart(
            f"the user id {uid} has no entry in /etc/passwd, and PostgreSQL does not run without one. "
            "Add one, or set DATABASE_URL."
        ) from None
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


def system_account() -> Account:
    """The user who runs the servers for root.

    Our own without a login shell, else an existing one without rights.
    """
    for attempt in range(2):
        try:
            return _account_of(pwd.getpwnam(SYSTEM_USER).pw_uid)
        except KeyError:
            tool = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
            if attempt or not tool:
                break
            shape = ("--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent")
            # A failure leaves no entry, which the second look sees; another process may also have been
            # faster.
            subprocess.run(
                [tool, *shape, "--shell", "/usr/sbin/nologin", SYSTEM_USER], capture_output=True, check=False
            )
    for name in ("nobody", "daemon"):
        try:
            return _account_of(pwd.getpwnam(name).pw_uid)
        except KeyError:
            continue
    raise CannotStart(
        "PostgreSQL refuses to run as root, and there is neither `useradd` nor a user `nobody` here. "
        "Start Civitas as an ordinary user, or set DATABASE_URL and REDIS_URL."
    )


def make_root(root: Path) -> None:
    """Make DATA_DIR.

    What we made ourselves may be stepped through by the servers' user; what was there stays as it is.
    """
    missing = [folder for folder in (root, *root.parents) if not folder.exists()]
    try:
        for folder in reversed(missing):
            folder.mkdir(exist_ok=True)
            folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
        if not os.access(root, os.W_OK | os.X_OK):
            raise PermissionError(13, os.strerror(13))
    except OSError as why:
        raise NotOurs(f"DATA_DIR {root} cannot be written ({why.strerror}); choose another DATA_DIR.") from why


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold `path` alone.

    The file stays: removing a lock file is how two processes come to hold "the" lock.
    """
    handle = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def known(root: Path) -> Places | None:
    """The places chosen earlier for this DATA_DIR, or None.

    Cheap: every process of Civitas asks at its start.
    """
    try:
        chosen = json.loads((root / "servers.json").read_text())
        home = root / chosen["home"]
        uid = home.joinpath("run").stat().st_uid if os.geteuid() == 0 else os.geteuid()
    except (FileNotFoundError, ValueError, KeyError):
        return None
    except PermissionError as why:
        raise NotOurs(f"{why.filename} is closed to you; choose another DATA_DIR.") from why
    if chosen.get("root") != str(root):
        return None
    return Places(root, home, _socket_folder(home), _account_of(uid))


def choose(root: Path) -> Places:
    """Decide, make the folders and remember. Call under the start lock; keeps an earlier choice."""
    places = known(root) or _first_choice(root)
    places.folder("run")
    places.folder("log")
    if places.run.parent != places.home:
        try:
            own_folder(places.run, places.account)
        except NotOurs as why:
            raise PathTooLong(f"{places.home} is too long for a unix socket, and {why}") from why
    home = "." if places.home == root else str(places.home)
    note = json.dumps({"home": home, "root": str(root)}, indent=2) + "\n"
    marker = root / "servers.json"
    if not marker.exists() or marker.read_text() != note:
        draft = root / ".servers.json.new"
        draft.write_text(note)
        draft.chmod(0o644)
        draft.replace(marker)
    if places.home != root and not (root / "log").exists():
        (root / "log").symlink_to(places.log)
    return places


def _first_choice(root: Path) -> Places:
    earlier = _moved_here(root)
    if earlier is not None:
        home = earlier
    elif os.geteuid() != 0 or (root / "run").is_dir():
        home = root
    else:
        home = root if may_reach(root, system_account()) else _private_home()
    if os.geteuid() != 0:
        account = _account_of(os.geteuid())
    elif (home / "run").is_dir() and (home / "run").stat().st_uid != 0:
        account = _account_of((home / "run").stat().st_uid)  # an ordinary user was here first: keep it hers
    else:
        account = system_account()
    if not may_reach(home, account):
        raise NotOurs(f"{home} holds the servers' data but is closed to {account.name!r}, who must run them.")
    return Places(root, home, _socket_folder(home), account)


def _private_home() -> Path:
    """A folder under /var/lib for one DATA_DIR.

    Its name is random, so that a fresh checkout at an old path is fresh.
    """
    for folder in (PRIVATE_BASE, home := PRIVATE_BASE / secrets.token_hex(4)):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
    return home


def _moved_here(root: Path) -> Path | None:
    """The private home of a DATA_DIR that was renamed.

    None for a copy, which must not share the original's data.
    """
    try:
        chosen = json.loads((root / "servers.json").read_text())
        original = Path(chosen["root"]) / "servers.json"
        if chosen["home"] == "." or original.exists() or not Path(chosen["home"]).is_dir():
            return None
        return Path(chosen["home"])
    except (FileNotFoundError, ValueError, KeyError):
        return None


def _socket_folder(home: Path) -> Path:
    run = home / "run"
    if len(os.fsencode(run / _LONGEST_SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
        return run
    # Every process must come to the same name, whatever its TMPDIR says.
    return Path("/tmp") / f"civitas-{hashlib.sha256(os.fsencode(home)).hexdigest()[:12]}"  # noqa: S108 - owner is checked
