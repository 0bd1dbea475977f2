"""One's own account, and pages, in the API."""

from functools import partial
from typing import Any, cast

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.members import operations, queries, serializers
from accounts.members.models import Page, User
from config.lib.etags import allows_edition, edition_of, tag_of_edition, tagged
from config.lib.refusals import NotAllowed, StaleVersion

_IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="Refuse (412) unless this is the present tag."
)


class MeView(GenericAPIView):
    """GET PATCH me"""

    serializer_class = serializers.AccountSerializer

    @extend_schema(summary="My account", tags=["members"])
    def get(self, request: Request) -> Response:
        return self._shown(request)

    @extend_schema(
        summary="Change my account",
        tags=["members"],
        description="Only the fields that are sent change; inside `preferences` too.",
        request=serializers.AccountChangeSerializer,
        responses=serializers.AccountSerializer,
        parameters=[_IF_MATCH],
    )
    def patch(self, request: Request) -> Response:
        change = serializers.AccountChangeSerializer(data=request.data)
        change.is_valid(raise_exception=True)
        operations.edit_account(
            member=_member(request),
            at=timezone.now(),
            guard=partial(_account_must_be_as_read, request),
            **change.validated_data,
        )
        return self._shown(request)

    def _shown(self, request: Request) -> Response:
        shown = serializers.account(queries.account_of(_member(request)))
        return tagged(request, Response(shown), tag_of_edition(_edition_of_account(shown), shown))


class MyPagesView(ListAPIView):
    """GET me/pages"""

    serializer_class = serializers.PageSerializer
    queryset = Page.objects.none()

    @extend_schema(summary="My pages", tags=["members"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Page]:
        return Page.objects.filter(user=_member(self.request))


class PageView(GenericAPIView):
    """GET PATCH pages/{username}"""

    serializer_class = serializers.PageSerializer

    def get_permissions(self) -> list[BasePermission]:
        return [AllowAny() if self.request.method in SAFE_METHODS else IsAuthenticated()]

    @extend_schema(
        summary="A page",
        tags=["members"],
        examples=[OpenApiExample("A page", value=serializers.EXAMPLE_PAGE, response_only=True)],
    )
    def get(self, request: Request, username: str) -> Response:
        return self._shown(request, queries.page_by_username(username))

    @extend_schema(
        summary="Change a page of mine",
        tags=["members"],
        request=serializers.PageChangeSerializer,
        responses=serializers.PageSerializer,
        parameters=[_IF_MATCH],
    )
    def patch(self, request: Request, username: str) -> Response:
        page = queries.page_by_username(username)
        if page.user_id != request.user.pk:
            raise NotAllowed()
        change = serializers.PageChangeSerializer(data=request.data)
        change.is_valid(raise_exception=True)
        page = operations.edit_page(
            editor=_member(request),
            page_id=page.pk,
            at=timezone.now(),
            guard=partial(_page_must_be_as_read, request),
            **change.validated_data,
        )
        return self._shown(request, page)

    def _shown(self, request: Request, page: Page) -> Response:
        shown = self.get_serializer(page).data
        return tagged(request, Response(shown), tag_of_edition(_edition_of_page(page), shown))


def _member(request: Request) -> User:
    return cast(User, request.user)  # the permissions let nobody else in


def _edition_of_page(page: Page) -> str:
    return edition_of(page.pk, page.username, page.display_name, page.bio, page.avatar)


def _edition_of_account(shown: dict[str, Any]) -> str:
    """Of what a member writes about themselves; followers and coins change without them."""
    return edition_of(*(shown[name] for name in serializers.AccountChangeSerializer().get_fields()))


def _page_must_be_as_read(request: Request, page: Page) -> None:
    if not allows_edition(request, _edition_of_page(page)):
        raise StaleVersion()


def _account_must_be_as_read(request: Request, member: User) -> None:
    if not allows_edition(request, _edition_of_account(serializers.account(member))):
        raise StaleVersion()
