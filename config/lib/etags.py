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


def edition_of(*facts: Any) -> str:
    """A digest of what an editor changes (id, time of the last edit); figures that others change are not in it."""
    return hashlib.sha256("\x1f".join(str(fact) for fact in facts).encode()).hexdigest()[:16]


def tag_of_edition(edition: str, representation: Any) -> str:
    """A strong tag in two parts: the edition, which If-Match guards, and all that is shown, which 304 speaks of.

    A tip changes the second part only, so it neither hides behind a 304 nor stands in the way of an edit.
    """
    return f'"{edition}.{etag_of(representation)[1:17]}"'


def allows_edition(request: Request, edition: str) -> bool:
    """Whether the writer names no tag, any tag (`*`), or one of this edition."""
    given = request.headers.get("If-Match", "")
    return not given or any(tag == "*" or tag.strip('"').split(".")[0] == edition for tag in _tags(given))


def _tags(header: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in header.split(",")]


def version_tag(version: int) -> str:
    """The tag of something that counts its own changes, such as a wallet's lock_version."""
    return f'"v{version}"'


def version_in(request: Request) -> int | None:
    """The version that If-Match names, for writers that leave the comparison to the database; None when it names none.

    A tag that is not one of ours cannot be the present one: StaleVersion.
    """
    given = request.headers.get("If-Match", "").strip()
    if not given or given == "*":
        return None
    version = given.removeprefix("W/").strip('"').removeprefix("v")
    if not (version.isascii() and version.isdecimal() and len(version) < 19):
        raise StaleVersion()
    return int(version)


def _names(header: str, etag: str) -> bool:
    given = _tags(header)
    return "*" in given or etag in given
