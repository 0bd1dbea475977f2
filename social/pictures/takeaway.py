"""What pictures add to a copy of a member's data."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import IO, Any

from django.core.files.storage import default_storage

from accounts.departures import parts
from accounts.departures.takeaway import values
from accounts.members.models import User
from social.pictures import rules
from social.pictures.models import Picture


def register() -> None:
    """Add the part and its files; called from `ready()`."""
    parts.register("pictures", _pictures, says="Pictures in your posts and drafts; the files are below media/.")
    parts.register_files(_files)


def _pictures(member: User) -> Iterable[dict[str, Any]]:
    rows = Picture.objects.filter(user=member, gone_at=None).order_by("id")
    return values(rows, "id", "post_id", "draft_id", "place", "alt", "width", "height", "created_at")


def _files(member: User) -> Iterator[tuple[str, Callable[[], IO[bytes]]]]:
    for picture in Picture.objects.filter(user=member, gone_at=None).order_by("id").iterator(chunk_size=1000):
        largest = rules.file_names(picture.pk, width=picture.width, height=picture.height)[-1]
        yield f"pictures/{picture.pk}.webp", partial(default_storage.open, largest)
