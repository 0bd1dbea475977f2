"""`ensure`: start what is not running, hand out the addresses, and let the last user turn off the light."""

import atexit
import fcntl
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from config.embedded import postgres as pg
from config.embedded.places import Places, choose, known, locked, make_root
from config.embedded.postgres import Cluster
from config.embedded.refusals import CannotStart
from config.embedded.valkey import Valkey


@dataclass(frozen=True)
class Servers:
    """Addresses of the embedded servers; None where the caller brings a server of its own."""

    database_url: str | None
    redis_url: str | None
    host: Path | None  # the folder of PostgreSQL's socket
    port: int | None
    name: str | None
    user: str | None
    socket: Path | None  # Redis


@dataclass
class _Use:
    """This process's share in one pair of servers, as an open handle on `users.lock`."""

    handle: int
    for_tests: bool
    postgres: bool = False
    redis: bool = False


_uses: dict[Path, _Use] = {}


def ensure(data_dir: Path, *, for_tests: bool = False, postgres: bool = True, redis: bool = True) -> Servers:
    """Start the embedded servers that are asked for and not running; keep them up until this process ends.

    Safe from any number of processes at once. Refuses with CannotStart. With for_tests a second pair under
    `data_dir`/test that gives up safety against power cuts for speed.
    """
    root = Path(os.path.realpath(data_dir))
    if for_tests:
        major = pg.programs.major_wanted()
        root = root / ("test" if major == "18" else f"test-{major}")
    if not (postgres or redis):
        return _addresses(None, postgres=False, redis=False)
    if not sys.platform.startswith("linux"):
        raise CannotStart("the embedded servers run on Linux only; set DATABASE_URL and REDIS_URL.")
    make_root(root)
    use = _take_part(root, for_tests=for_tests)
    use.postgres |= postgres
    use.redis |= redis
    places = known(root)
    if places is None or not _all_ready(places, postgres=postgres, redis=redis, for_tests=for_tests):
        with locked(root / "start.lock"):
            places = choose(root)
            for server in _chosen(places, postgres=postgres, redis=redis, for_tests=for_tests):
                if not server.is_ready():
                    server.start()
    return _addresses(places, postgres=postgres, redis=redis)


def _chosen(places: Places, *, postgres: bool, redis: bool, for_tests: bool) -> list[Cluster | Valkey]:
    servers: list[Cluster | Valkey] = []
    if postgres:
        servers.append(cluster := Cluster(places, for_tests=for_tests))
        cluster.check_version()
    if redis:
        servers.append(Valkey(places, for_tests=for_tests))
    return servers


def _all_ready(places: Places, *, postgres: bool, redis: bool, for_tests: bool) -> bool:
    return all(server.is_ready() for server in _chosen(places, postgres=postgres, redis=redis, for_tests=for_tests))


def _addresses(places: Places | None, *, postgres: bool, redis: bool) -> Servers:
    run = places.run if places else None
    socket = run / "redis.sock" if run and redis else None
    return Servers(
        database_url=f"postgres://{pg.NAME}@{quote(str(run), safe='')}:{pg.PORT}/{pg.NAME}" if postgres else None,
        redis_url=f"unix://{quote(str(socket))}" if socket else None,
        host=run if postgres else None,
        port=pg.PORT if postgres else None,
        name=pg.NAME if postgres else None,
        user=pg.NAME if postgres else None,
        socket=socket,
    )


# -- who uses them --------------------------------------------------------------------------------
def _take_part(root: Path, *, for_tests: bool) -> _Use:
    """Hold `users.lock` together with all other users. Waits while a last user is stopping the servers."""
    use = _uses.get(root)
    if use is None:
        use = _uses[root] = _Use(_share(root), for_tests)
    return use


def _share(root: Path) -> int:
    handle = os.open(root / "users.lock", os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    fcntl.flock(handle, fcntl.LOCK_SH)
    return handle


def _after_fork() -> None:
    # A child shares its parent's handle and with it the lock: were it left so, the first of them to end
    # would take the lock alone and stop the servers under the other. With a handle of its own it is a user
    # like any other.
    for root, use in _uses.items():
        inherited = use.handle
        try:
            use.handle = _share(root)
        except OSError:
            continue  # DATA_DIR is gone; the inherited share still counts
        os.close(inherited)


def _leave() -> None:
    """At exit.

    Whoever can hold `users.lock` alone was the last user, and stops the servers under that lock.
    """
    for root, use in list(_uses.items()):
        del _uses[root]
        try:
            fcntl.flock(use.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _stop(root, use)
        except BlockingIOError:
            continue  # somebody else is still here
        finally:
            os.close(use.handle)


def _stop(root: Path, use: _Use) -> None:
    places = known(root)
    if places is None:
        return
    # Both, whichever this process used: an earlier user may have left the other one to us.
    for server in _chosen_quietly(places, for_tests=use.for_tests):
        server.stop()


def _chosen_quietly(places: Places, *, for_tests: bool) -> list[Cluster | Valkey]:
    found: list[Cluster | Valkey] = []
    for kind in (Cluster, Valkey):
        try:
            found.append(kind(places, for_tests=for_tests))
        except CannotStart:
            continue  # its wheel is not installed, so it cannot be running
    return found


atexit.register(_leave)
os.register_at_fork(after_in_child=_after_fork)
