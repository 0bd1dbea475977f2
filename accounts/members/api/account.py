"""One's own account in the API."""

from functools import partial
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.members import operations, queries, serializers
from accounts.members.api.reading import IF_MATCH
from accounts.members.models import User
from accounts.members.queries import member_of
from config.lib.etags import allows_edition, edition_of, tag_of_edition, tagged
from config.lib.refusals import StaleVersion


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
        parameters=[IF_MATCH],
    )
    def patch(self, request: Request) -> Response:
        change = serializers.AccountChangeSerializer(data=request.data)
        change.is_valid(raise_exception=True)
        operations.edit_account(
            member=member_of(request),
            at=timezone.now(),
            guard=partial(_account_must_be_as_read, request),
            **change.validated_data,
        )
        return self._shown(request)

    def _shown(self, request: Request) -> Response:
        shown = serializers.account(queries.account_of(member_of(request)))
        return tagged(request, Response(shown), tag_of_edition(_edition_of_account(shown), shown))


def _edition_of_account(shown: dict[str, Any]) -> str:
    """Of what a member writes about themselves; followers and coins change without them."""
    return edition_of(*(shown[name] for name in serializers.AccountChangeSerializer().get_fields()))


def _account_must_be_as_read(request: Request, member: User) -> None:
    if not allows_edition(request, _edition_of_account(serializers.account(member))):
        raise StaleVersion()
