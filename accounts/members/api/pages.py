"""Pages in the API: one's own and everybody's, and their pictures."""

from functools import partial
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.members import operations, queries, serializers
from accounts.members.api.reading import IF_MATCH
from accounts.members.models import Page
from accounts.members.queries import member_of
from config.lib.etags import allows_edition, edition_of, tag_of_edition, tagged
from config.lib.images import MOST_BYTES
from config.lib.refusals import NotAllowed, StaleVersion


class MyPagesView(ListAPIView):
    """GET POST me/pages"""

    serializer_class = serializers.PageSerializer
    queryset = Page.objects.none()

    @extend_schema(summary="My pages", tags=["members"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        summary="Open a further page",
        tags=["members"],
        description="It shares the wallet. 422 `username-taken`, `bad-username`, `too-many-pages`.",
        request=serializers.OpenPageSerializer,
        responses={201: serializers.PageSerializer},
    )
    def post(self, request: Request) -> Response:
        asked = serializers.OpenPageSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        page = operations.open_page(member=member_of(request), at=timezone.now(), **asked.validated_data)
        return _shown(request, page, status=201)

    def get_queryset(self) -> QuerySet[Page]:
        return Page.objects.filter(user=member_of(self.request))


class PageView(GenericAPIView):
    """GET PATCH pages/{username}"""

    serializer_class = serializers.PageSerializer

    def get_permissions(self) -> list[BasePermission]:
        return [AllowAny() if self.request.method in SAFE_METHODS else IsAuthenticated()]

    @extend_schema(
        summary="A page",
        tags=["members"],
        description="308 with Location when the page has another name now.",
        examples=[OpenApiExample("A page", value=serializers.EXAMPLE_PAGE, response_only=True)],
    )
    def get(self, request: Request, username: str) -> Response:
        return _shown(request, queries.page_by_username(username))

    @extend_schema(
        summary="Change a page of mine",
        tags=["members"],
        description="429 `username-changes` when the username was changed USERNAME_CHANGES times lately.",
        request=serializers.PageChangeSerializer,
        responses=serializers.PageSerializer,
        parameters=[IF_MATCH],
    )
    def patch(self, request: Request, username: str) -> Response:
        page = _own(request, username)
        change = serializers.PageChangeSerializer(data=request.data)
        change.is_valid(raise_exception=True)
        page = operations.edit_page(
            editor=member_of(request),
            page_id=page.pk,
            at=timezone.now(),
            guard=partial(_must_be_as_read, request),
            **change.validated_data,
        )
        return _shown(request, page)


class RawPicture(BaseParser):
    """A body that is the picture itself."""

    media_type = "image/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        return stream.read(MOST_BYTES + 1)


class AvatarView(GenericAPIView):
    """PUT DELETE pages/{username}/avatar"""

    permission_classes = [IsAuthenticated]
    serializer_class = serializers.PageSerializer
    parser_classes = [RawPicture, MultiPartParser]

    @extend_schema(
        operation_id="pages_set_picture",
        summary="Give a page of mine a picture",
        tags=["members"],
        description="JPEG, PNG or WebP of at most 5 MiB and 25 megapixels, as the body itself or as `picture` of a "
        "form. It is drawn anew as a square without a camera's notes. 413 `picture-too-big`, 415 `picture-type`, 422 "
        "`picture-unreadable`, 429 after UPLOADS_PER_HOUR.",
        request={"image/*": OpenApiTypes.BINARY, "multipart/form-data": serializers.PictureSerializer},
        responses=serializers.PageSerializer,
    )
    def put(self, request: Request, username: str) -> Response:
        page = _own(request, username)
        page = operations.set_picture(
            editor=member_of(request), page_id=page.pk, upload=_picture_in(request), at=timezone.now()
        )
        return _shown(request, page)

    @extend_schema(
        operation_id="pages_remove_picture",
        summary="Take a page's picture away",
        tags=["members"],
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, username: str) -> Response:
        page = _own(request, username)
        operations.remove_picture(editor=member_of(request), page_id=page.pk, at=timezone.now())
        return Response(status=204)


def _picture_in(request: Request) -> Any:
    """The picture as bytes or as an uploaded file. May refuse with 400."""
    try:
        sent = request.data
    except SuspiciousOperation as error:
        raise ParseError(_("This form cannot be read.")) from error
    picture = sent if isinstance(sent, bytes) else request.FILES.get("picture")
    if not picture or (not isinstance(sent, bytes) and set(sent) != {"picture"}):
        raise ValidationError({"picture": [_("Send one picture, and nothing else.")]})
    return picture


def _own(request: Request, username: str) -> Page:
    """A page of the caller's. That a page exists is no secret: others' are 403, not 404."""
    page = queries.page_by_username(username)
    if page.user_id != request.user.pk:
        raise NotAllowed()
    return page


def _shown(request: Request, page: Page, status: int = 200) -> Response:
    hidden = {page.pk} if queries.hides_coins(page, request.user) else set()
    shown = serializers.PageSerializer(page, context={"hides_coins": hidden}).data
    return tagged(request, Response(shown, status=status), tag_of_edition(_edition_of(page), shown))


def _edition_of(page: Page) -> str:
    return edition_of(page.pk, page.username, page.display_name, page.bio, page.avatar)


def _must_be_as_read(request: Request, page: Page) -> None:
    if not allows_edition(request, _edition_of(page)):
        raise StaleVersion()
