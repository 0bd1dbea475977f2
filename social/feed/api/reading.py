"""What the feed's endpoints share: how a body is read, as whom one acts, with which tag."""

from contextlib import AbstractContextManager
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers as fields
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.members.models import Page, User
from config.lib.etags import allows_edition, tag_of_edition, tagged
from config.lib.refusals import NotAllowed
from social.feed.operations.editions import edition, while_unchanged


class MemberRequest(Request):
    """By type: a request of a member, for methods that the permissions open to nobody else."""

    user: User


IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The ETag that was read; 412 `stale-version` when the words have been edited since. Tips do not count.",
)
REASON = OpenApiParameter(
    "reason",
    OpenApiTypes.STR,
    description="Why a moderator removes what is another's: kept with their name, the first 300 characters.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="An ETag; 304 without a body when nothing that is shown has changed.",
)


def read(serializer: type[fields.Serializer], request: Request) -> dict[str, Any]:
    """The body as the serializer understands it. May refuse with 400 and an error per field."""
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    return given.validated_data


def reason_of(request: Request) -> str:
    """What a moderator says why; maybe nothing."""
    return " ".join(request.query_params.get("reason", "").replace("\x00", "").split())[:300]


def page_to_act_as(member: User, given: dict[str, Any]) -> Page | None:
    """The member's own page that the body names; None for the first one. May refuse with 400."""
    username = given.pop("page", None)
    if username is None:
        return None
    page = Page.objects.filter(user=member, username=username.lower(), is_active=True).first()
    if page is None:
        raise ValidationError({"page": [_("You have no page of this name.")]})
    return page


def as_read(request: Request, row: Any) -> AbstractContextManager[None]:
    """A transaction around an edit, refused with 412 when If-Match names another edition than the present one."""
    return while_unchanged(row, is_read=lambda present: allows_edition(request, present))


def must_be_own(request: MemberRequest, row: Any) -> None:
    """What everybody may see is no secret: to others it is 403, not 404. May refuse with NotAllowed."""
    if row.user_id != request.user.pk:
        raise NotAllowed()


def with_tag(request: Request, row: Any, shown: Any, status: int = 200) -> Response:
    """A post or comment under its tag; 304 when the reader has it already."""
    return tagged(request, Response(shown, status=status), tag_of_edition(edition(row), shown))
