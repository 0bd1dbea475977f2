"""ETag and If-Match for what can be edited, 304 for what has not changed (RFC 9110, sections 8.8 and 13)."""

import hashlib
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from config.lib.refusals import StaleVersion


def etag_of(*facts: Any) -> str:
    """A strong tag over facts that change whenever the representation does (id, version or time of change)."""
    digest = hashlib.sha256("\x1f".join(str(fact) for fact in facts).encode()).hexdigest()
    return f'"{digest[:32]}"'


def tagged(request: Request, response: Response, etag: str) -> Response:
    """The response under its tag; 304 without a body when the reader has it already."""
    if request.method in ("GET", "HEAD") and _names(request.headers.get("If-None-Match", ""), etag):
        response = Response(status=304)
    response["ETag"] = etag
    return response


def must_match(request: Request, etag: str) -> None:
    """Refuse with StaleVersion when the writer says which version it read and that is not the present one."""
    given = request.headers.get("If-Match", "")
    if given and not _names(given, etag):
        raise StaleVersion()


def _names(header: str, etag: str) -> bool:
    given = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return "*" in given or etag in given
