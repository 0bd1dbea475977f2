"""Who opens a post's page: people are counted; programs, and what browsers fetch in advance, are not."""

import re

from django.utils import timezone

from config.lib.addresses import address_of, block_of
from social.feed import models, operations
from social.feed.views.frames import PageRequest

# Programs that say what they are. Those that do not are counted once a day like anybody.
_PROGRAM = re.compile(
    r"bot|crawl|spider|slurp|archiv|preview|fetch|monitor|scan|headless|lighthouse|facebookexternalhit|whatsapp|"
    r"curl|wget|python|java/|go-http|okhttp|axios|node|ruby|perl|php|libwww|httpclient|feed|rss",
    re.IGNORECASE,
)


def count_reader(request: PageRequest, post: models.Post) -> None:
    """Count whoever has opened a post's page, unless they wrote it."""
    if not is_person(request) or request.user.pk == post.user_id:
        return
    if request.user.is_authenticated:
        operations.note_reader(post=post, reader=f"member:{request.user.pk}", at=timezone.now())
        return
    place = block_of(address_of(request))
    agent = request.headers.get("User-Agent", "")[:300]
    operations.note_reader(post=post, reader=f"visitor:{place}:{agent}", place=place, at=timezone.now())


def is_person(request: PageRequest) -> bool:
    """Whether somebody is looking, as far as a request tells."""
    agent = request.headers.get("User-Agent", "")
    early = " ".join(request.headers.get(name, "") for name in ("Purpose", "Sec-Purpose", "X-Moz", "X-Purpose"))
    return request.method == "GET" and bool(agent) and not _PROGRAM.search(agent) and "pre" not in early.lower()
