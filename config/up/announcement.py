"""What a person needs to know once the site answers: where it is, who may sign in, where the codes appear."""

import http.client
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import connection

from config.demo import staff_hint
from config.up.preflight import Address


def wait_for(at: Address, *, stopping: threading.Event, seconds: float = 120) -> bool:
    """Whether the web process answers /healthz in time; any answer will do, also a redirect to https."""
    end = time.monotonic() + seconds
    host = at.url.removeprefix("http://").rstrip("/").rsplit(":", 1)[0].strip("[]")
    while time.monotonic() < end and not stopping.wait(0.1):
        line = http.client.HTTPConnection(host, at.port, timeout=2)
        try:
            line.request("GET", "/healthz")
            line.getresponse().read()
            return True
        except (OSError, http.client.HTTPException):
            continue
        finally:
            line.close()
    return False


def demo_sign_ins() -> list[tuple[str, str]]:
    """Name and phone of the demo's members; none outside development or when the demo was not loaded."""
    if not settings.DEBUG:
        return []
    from django.contrib.auth import get_user_model

    from config.demo import sign_ins

    offered = sign_ins()
    member = get_user_model()
    try:
        there = set(
            member.objects.filter(phone_number__in=[phone for _, phone in offered]).values_list(
                "phone_number", flat=True
            )
        )
    finally:
        connection.close()
    known = {str(phone) for phone in there}
    return [(name, phone) for name, phone in offered if str(phone) in known]


def announce(at: Address, *, say: Callable[[str], None], stopping: threading.Event) -> None:
    """Wait for the site and tell about it, line by line."""
    if not wait_for(at, stopping=stopping):
        if not stopping.is_set():
            say("the site does not answer yet; its own lines tell why")
        return
    say("")
    say(f"Civitas is at {at.url}")
    sign_ins = demo_sign_ins()
    if sign_ins:
        say("Sign in with a phone number of the demo:")
        width = max(len(name) for name, _ in sign_ins)
        for name, phone in sign_ins:
            say(f"    {name.ljust(width)}  {phone}")
        say(staff_hint())
    if settings.DEBUG:
        say(f"Codes appear at {at.url}dev/outbox/")
    say("Ctrl-C stops everything.")
    say("")
