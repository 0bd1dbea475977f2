"""Pictures: taken in, put into posts and drafts, thrown away."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.departures.forgetting import Leaving
from accounts.members.models import User
from accounts.members.operations import must_act
from config.lib import images
from config.lib.ids import first_id_at, uuid7_at
from config.lib.limits import Limit, take
from config.lib.refusals import NotThere, Refused
from config.lib.runtime import figures
from social.feed import rules as feed
from social.feed.models import Post
from social.feed.operations.writing import UnusableText
from social.pictures import rules
from social.pictures.models import Picture

log = logging.getLogger(__name__)

HOUR = 3600
# What nobody has taken along by then is thrown away.
WAITS = timedelta(days=1)
_AT_ONCE = 100


class PictureElsewhere(Refused):
    """The picture is in another post already, or its post was removed."""

    slug = "picture-elsewhere"
    status = 409
    title = _("In another post")
    sentence = _("One of these pictures is in another post already. Send it anew to show it here as well.")


class TooManyPictures(Refused):
    """More than four."""

    slug = "too-many-pictures"
    title = _("Too many pictures")
    sentence = _("A post shows at most %(most)s pictures.")


class PictureGone(NotThere):
    """A picture that is named is not there, or is another member's."""

    sentence = _("One of these pictures is no longer there. Send it again.")


def send_picture(*, sender: User, upload: Any, at: datetime, alt: str = "") -> Picture:
    """Take in a picture, drawn anew with long edges of 480, 960 and 1600 pixels. It waits a day to be taken along.

    May refuse with NotAllowed, TooMany (UPLOADS_PER_HOUR), UnusableText, PictureTooBig, PictureType, PictureUnreadable.
    """
    must_act(sender)
    alt = usable_alt(alt)
    # Counted before the work: decoding is the dear part.
    take(Limit("uploads", str(sender.pk), figures().UPLOADS_PER_HOUR, HOUR))
    whole = images.read_whole(upload)
    # The row first: whatever happens to the files, the job finds what is left of them.
    picture = Picture.objects.create(
        id=uuid7_at(at), created_at=at, user=sender, alt=alt, width=whole.width, height=whole.height
    )
    try:
        for edge, content in whole.files.items():
            default_storage.save(rules.file_name(picture.pk, edge), ContentFile(content))
    except BaseException:
        _throw(picture)
        raise
    return picture


def usable_alt(alt: str) -> str:
    """A description as it is kept: one line. May refuse with UnusableText."""
    alt = " ".join(feed.tidy(alt).split())
    fault = feed.fault_of(alt, most=rules.LONGEST_ALT)
    if fault not in (None, "empty"):
        raise UnusableText(fault=fault or "", most=rules.LONGEST_ALT, field="alt")
    return alt


def show_in_post(*, post: Post, pictures: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Put its author's pictures into a new post, in this order; part of the transaction that writes it.

    `pictures` holds `id` and `alt` of each; answers with what the post's card shows. May refuse with PictureGone,
    PictureElsewhere, TooManyPictures, UnusableText.
    """
    found = _take_along(post.user_id, pictures)
    for place, picture in enumerate(found):
        picture.post, picture.draft, picture.place = post, None, place
        picture.save(update_fields=["post", "draft", "place", "alt"])
    return [
        {"id": str(picture.pk), "alt": picture.alt, "width": picture.width, "height": picture.height}
        for picture in found
    ]


def keep_in_draft(*, draft: Any, pictures: Sequence[Mapping[str, Any]]) -> list[Picture]:
    """Have a draft keep these pictures of its writer, in this order, and no others; part of the caller's transaction.

    May refuse as `show_in_post`.
    """
    found = _take_along(draft.user_id, pictures)
    Picture.objects.filter(draft=draft).exclude(pk__in=[picture.pk for picture in found]).update(draft=None)
    for place, picture in enumerate(found):
        picture.draft, picture.place = draft, place
        picture.save(update_fields=["draft", "place", "alt"])
    return found


def throw_away(*, at: datetime) -> int:
    """Throw away what nobody took along within a day, and what was in posts that were removed. How many pictures.

    Noted first, so that nobody takes it along meanwhile; then the files go, then the row. Safe to run twice at once
    and after any crash.
    """
    while _note_gone(at):
        pass
    thrown, last = 0, UUID(int=0)
    while some := list(Picture.objects.loose().filter(gone_at__isnull=False, pk__gt=last).order_by("id")[:_AT_ONCE]):
        last = some[-1].pk
        thrown += sum(map(_throw, some))
    return thrown


@transaction.atomic
def _note_gone(at: datetime) -> int:
    forgotten = Picture.objects.loose().filter(gone_at=None, pk__lt=first_id_at(at - WAITS))
    some = list(forgotten.select_for_update(skip_locked=True, of=("self",)).order_by("id")[:_AT_ONCE])
    return Picture.objects.filter(pk__in=[picture.pk for picture in some]).update(gone_at=at)


def forget_pictures(leaving: Leaving) -> bool:
    """A step of erasing a member: pictures that are in no post go at once. Whether more are left.

    Those in posts stay or go as the posts do.
    """
    unseen = Picture.objects.filter(user=leaving.member, post=None)
    some = list(unseen.order_by("id")[:_AT_ONCE])
    return sum(map(_throw, some)) == _AT_ONCE


def _take_along(member: UUID, pictures: Sequence[Mapping[str, Any]]) -> list[Picture]:
    """The member's pictures of these ids, locked in their order; a description that is not given stays as it was."""
    if len(pictures) > rules.MOST:
        raise TooManyPictures(most=rules.MOST)
    wanted = {given["id"]: usable_alt(given["alt"]) if "alt" in given else None for given in pictures}
    own = Picture.objects.select_for_update(of=("self",)).filter(Q(pk__in=wanted), user=member)
    found = {picture.pk: picture for picture in own.order_by("id")}
    if len(found) < len(wanted):
        raise PictureGone()
    if any(picture.post_id is not None or picture.gone_at is not None for picture in found.values()):
        raise PictureElsewhere()
    for pk, alt in wanted.items():
        found[pk].alt = found[pk].alt if alt is None else alt
    return [found[pk] for pk in wanted]


def _throw(picture: Picture) -> bool:
    """Delete a picture's files, then its row. What fails is found again by the job."""
    try:
        for name in rules.file_names(picture.pk, width=picture.width, height=picture.height):
            default_storage.delete(name)
    except OSError as error:
        log.warning("a picture could not be deleted, the job tries again: %s", type(error).__name__)
        return False
    picture.delete()
    return True
