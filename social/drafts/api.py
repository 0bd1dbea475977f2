"""Drafts in the API: kept, changed, thrown away. `POST posts` with `draft` publishes one."""

from collections.abc import Callable
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from config.lib.etags import allows_edition, edition_of, tag_of_edition, tagged
from config.lib.idempotency import lasting_key
from config.lib.refusals import StaleVersion
from social.drafts import models, operations, queries, serializers
from social.feed.api.reading import IF_MATCH, IF_NONE_MATCH, MemberRequest, read


class DraftsView(ListAPIView):
    """GET POST drafts"""

    permission_classes = [IsAuthenticated]
    serializer_class = serializers.Draft
    keyset = queries.NEWEST

    def get_queryset(self) -> QuerySet[models.Draft]:
        if getattr(self, "swagger_fake_view", False):
            return models.Draft.objects.none()
        return queries.drafts_of(self.request.user)

    @extend_schema(operation_id="drafts", summary="My drafts", description="The newest first.", tags=["drafts"])
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="drafts_write",
        summary="Keep a draft",
        description="Under an Idempotency-Key there is one draft: sent again, it takes what is sent. `POST posts` with "
        "`draft` and the words publishes it. 422 `too-many-drafts` beyond 50.",
        request=serializers.ChangeDraft,
        responses={201: serializers.Draft},
        tags=["drafts"],
    )
    def post(self, request: MemberRequest) -> Response:
        given = read(serializers.ChangeDraft, request)
        draft = operations.write_draft(
            writer=request.user, key=lasting_key("draft", request), at=timezone.now(), **given
        )
        return _shown(request, draft.pk, status=201)


class DraftView(GenericAPIView):
    """GET PATCH DELETE drafts/{id}"""

    permission_classes = [IsAuthenticated]
    serializer_class = serializers.Draft
    pagination_class = None

    @extend_schema(
        operation_id="drafts_read",
        summary="Read a draft",
        parameters=[IF_NONE_MATCH],
        responses={200: serializers.Draft, 304: None},
        tags=["drafts"],
    )
    def get(self, request: MemberRequest, draft_id: UUID) -> Response:
        return _shown(request, draft_id)

    @extend_schema(
        operation_id="drafts_change",
        summary="Change a draft",
        parameters=[IF_MATCH],
        request=serializers.ChangeDraft,
        responses={200: serializers.Draft},
        tags=["drafts"],
    )
    def patch(self, request: MemberRequest, draft_id: UUID) -> Response:
        changes = read(serializers.ChangeDraft, request)
        operations.change_draft(
            writer=request.user, draft_id=draft_id, at=timezone.now(), guard=_as_read(request), **changes
        )
        return _shown(request, draft_id)

    @extend_schema(
        operation_id="drafts_throw_away",
        summary="Throw a draft away",
        parameters=[IF_MATCH],
        request=None,
        responses={204: None},
        tags=["drafts"],
    )
    def delete(self, request: MemberRequest, draft_id: UUID) -> Response:
        operations.throw_draft_away(writer=request.user, draft_id=draft_id, guard=_as_read(request))
        return Response(status=204)


def _shown(request: MemberRequest, draft_id: UUID, status: int = 200) -> Response:
    draft = queries.draft_for(request.user, draft_id)
    shown = serializers.Draft(draft).data
    return tagged(request, Response(shown, status=status), tag_of_edition(_edition(draft), shown))


def _edition(draft: models.Draft) -> str:
    return edition_of(draft.pk, draft.updated_at)


def _as_read(request: Request) -> Callable[[models.Draft], None]:
    """Refuses with StaleVersion when If-Match names another edition than the present one."""

    def guard(draft: models.Draft) -> None:
        if not allows_edition(request, _edition(draft)):
            raise StaleVersion()

    return guard
