"""Pictures of pages: taken in, put in the place of the last one, taken away."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.members import rules
from accounts.members.models import Page, User
from accounts.members.operations.standing import must_act
from config.lib import images
from config.lib.limits import Limit, take
from config.lib.refusals import NotThere
from config.lib.runtime import figures

log = logging.getLogger(__name__)

HOUR = 3600
# A file that no page names may be on its way to one.
ON_ITS_WAY = timedelta(days=1)


def set_picture(*, editor: User, page_id: UUID, upload: Any, at: datetime) -> Page:
    """Give one's own page a picture: drawn anew as squares of 40, 80 and 256 pixels.

    May refuse with NotThere, NotAllowed, TooMany (UPLOADS_PER_HOUR), PictureTooBig, PictureType, PictureUnreadable.
    """
    must_act(editor)
    if not Page.objects.filter(pk=page_id, user=editor).exists():
        raise NotThere()
    # Counted before the work: decoding is the dear part.
    take(Limit("uploads", str(editor.pk), figures().UPLOADS_PER_HOUR, HOUR))
    drawn = images.read_picture(upload)
    avatar = f"{rules.PICTURES}/{uuid4().hex}"
    try:
        for size, content in drawn.items():
            default_storage.save(rules.picture_name(avatar, size), ContentFile(content))
        return _replace(editor, page_id, avatar)
    except BaseException:
        _delete(avatar)
        raise


def remove_picture(*, editor: User, page_id: UUID, at: datetime) -> Page:
    """Take a page's picture away; initials stand in its place. May refuse with NotThere, NotAllowed."""
    must_act(editor)
    return _replace(editor, page_id, "")


def forget_pictures(*, at: datetime) -> int:
    """Delete the files of pictures that no page has any more, such as those a crash left behind. How many pictures."""
    try:
        _folders, files = default_storage.listdir(rules.PICTURES)
    except FileNotFoundError:
        return 0
    avatars = sorted({f"{rules.PICTURES}/{file.rpartition('-')[0]}" for file in files if "-" in file})
    forgotten = 0
    for some in (avatars[start : start + 1000] for start in range(0, len(avatars), 1000)):
        present = set(Page.objects.filter(avatar__in=some).values_list("avatar", flat=True))
        for avatar in set(some) - present:
            if _is_old(avatar, at):
                _delete(avatar)
                forgotten += 1
    return forgotten


def delete_files(avatars: Iterable[str]) -> None:
    """Delete the files of pictures once the present transaction has committed."""
    for avatar in avatars:
        if avatar:
            transaction.on_commit(partial(_delete, avatar))


def _replace(editor: User, page_id: UUID, avatar: str) -> Page:
    with transaction.atomic():
        page = Page.objects.select_for_update(no_key=True).filter(pk=page_id, user=editor).first()
        if page is None:
            raise NotThere()
        delete_files([page.avatar])
        page.avatar = avatar
        page.save(update_fields=["avatar"])
        page.refresh_from_db(fields=["updated_at"])
    return page


def _is_old(avatar: str, at: datetime) -> bool:
    try:
        return default_storage.get_modified_time(rules.picture_name(avatar, images.SIZES[0])) < at - ON_ITS_WAY
    except FileNotFoundError:
        return True


def _delete(avatar: str) -> None:
    for size in images.SIZES:
        try:
            default_storage.delete(rules.picture_name(avatar, size))
        except OSError as error:
            log.warning("a picture could not be deleted, the daily job tries again: %s", type(error).__name__)
