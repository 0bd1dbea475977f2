"""The three processes of Civitas and how each is called."""

import os

from config.settings import environment as read
from config.up.preflight import Address
from config.up.supervisor import Program

# Celery warns root at every start; whoever runs a whole demo as root has decided so.
_ABOUT_ROOT = "ignore:You're running the worker with superuser privileges"


def programs(names: tuple[str, ...], *, at: Address, access_log: bool) -> list[Program]:
    """The programs of `names`, ready for the supervisor.

    CIVITAS_PROCESS tells the settings which one they serve.
    """
    celery = ("-A", "config", "--skip-checks", "--quiet")
    level = os.environ.get("LOG_LEVEL", "WARNING")
    known = {
        "web": (
            "uvicorn",
            (
                "config.asgi:application",
                f"--host={at.host}",
                f"--port={at.port}",
                f"--workers={read.whole_number('WEB_CONCURRENCY', 2, least=1, most=64)}",
                "--timeout-graceful-shutdown=3",
                "--timeout-worker-healthcheck=30",
                "--lifespan=off",
                "--ws=none",
                "--no-server-header",
                # The client's address is read by our own middleware, which counts the proxies it may trust.
                "--no-proxy-headers",
                "--log-level=info" if access_log else "--log-level=warning",
                "--access-log" if access_log else "--no-access-log",
            ),
        ),
        "worker": (
            "celery",
            (
                *celery,
                "worker",
                f"--concurrency={read.whole_number('WORKER_CONCURRENCY', 2, least=1, most=64)}",
                "--without-gossip",
                "--without-mingle",
                f"--loglevel={level}",
            ),
        ),
        "beat": (
            "celery",
            (
                *celery,
                "beat",
                "--scheduler=django_celery_beat.schedulers:DatabaseScheduler",
                "--pidfile=",
                f"--loglevel={level}",
            ),
        ),
    }
    environment = {"PYTHONWARNINGS": os.environ.get("PYTHONWARNINGS", _ABOUT_ROOT)}
    return [Program(name, *known[name], {**environment, "CIVITAS_PROCESS": name}) for name in names]


def demo() -> Program:
    """The demo community, made beside the site at its first start; one transaction, so cut off it leaves nothing."""
    return Program("demo", "django", ("demo",), {"CIVITAS_PROCESS": "demo"}, is_errand=True)
