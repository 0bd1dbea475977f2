"""Pictures of members at /media/…: only files that the site has drawn itself, as nothing but pictures, for a year.

A changed picture has another name, so whoever keeps one keeps the right one.
"""

import re

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

# Server-made names: a folder per kind, a random name, the edge length. Nothing else is served, whatever lies there.
_KNOWN = re.compile(r"(?:avatars/[0-9a-f]{32}-(?:40|80|256)|pictures/[0-9a-f]{32}-(?:480|960|1600))\.webp", re.ASCII)


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponse:
    """One picture. What has no name of ours is not there."""
    if _KNOWN.fullmatch(name) is None:
        raise Http404
    try:
        with default_storage.open(name) as file:
            content = file.read()
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(
        content,
        content_type="image/webp",
        headers={
            "Cache-Control": "public, max-age=31536000, immutable",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )
