"""The name of an erased member in what others were told of: it goes there too."""

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.departures.forgetting import Leaving
from accounts.members.models import Page
from accounts.members.remembered import language_and_zone
from accounts.notifications import kinds
from accounts.notifications.models import Notification

_AT_ONCE = 1000


def forget_name_in_notices(leaving: Leaving) -> bool:
    """A step of erasing a member: others' notifications name them no more; whether more are left."""
    pages = [str(pk) for pk in Page.objects.filter(user=leaving.member).values_list("pk", flat=True)]
    named = Q(pk=None)
    for page in pages:
        named |= Q(data__who__contains=[{"id": page}])
    rows = list(Notification.objects.select_for_update(no_key=True).filter(named).order_by("id")[:_AT_ONCE])
    for row in rows:
        language, _zone = language_and_zone(row.user_id)
        with translation.override(language or settings.LANGUAGE_CODE):
            _word_anew(row, pages)
    Notification.objects.bulk_update(rows, ["title", "message", "data"], batch_size=200)
    return len(rows) == _AT_ONCE


def _word_anew(row: Any, pages: list[str]) -> None:
    who = row.data["who"]
    row.data["who"] = [{"id": "", "name": _("a former member")} if one["id"] in pages else one for one in who]
    kind = kinds.kind_of(row.type)
    if kind is None:
        row.title = row.message = ""
        return
    title, message = kind.words(kinds.gathered(row.data))
    longest = {field.name: field.max_length for field in row._meta.fields if field.name in ("title", "message")}
    row.title, row.message = title[: longest["title"]], message[: longest["message"]]
