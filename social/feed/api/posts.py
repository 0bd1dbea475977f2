"""Posts."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from config.lib.idempotency import IdempotentMixin, lasting_key
from economy.ledger.models import Transfer
from social.feed import extras, operations, queries, serializers
from social.feed.api.reading import (
    IF_MATCH,
    IF_NONE_MATCH,
    REASON,
    MemberRequest,
    as_read,
    must_be_own,
    page_to_act_as,
    read,
    reason_of,
    with_tag,
)


class PostsView(IdempotentMixin, GenericAPIView):
    permission_classes = [IsAuthenticated]
    serializer_class = serializers.WritePost
    pagination_class = None

    @extend_schema(
        operation_id="posts_write",
        summary="Write a post",
        description="Free, unless one's last post is less than RAPID_POST_MINUTES old. 409 `duplicate-post` when the "
        "same text was posted in the last 24 h; 422 `insufficient-funds`.",
        request=serializers.WritePost,
        responses={201: serializers.Post},
        tags=["posts"],
    )
    def post(self, request: MemberRequest) -> Response:
        given = read(serializers.WritePost, request)
        page = page_to_act_as(request.user, given)
        carrying = {
            extra.name: value for extra in extras.registered() if (value := given.pop(extra.name, None)) is not None
        }

        def command() -> Response:
            post = operations.write_post(
                author=request.user,
                page=page,
                carrying=carrying,
                channel=Transfer.Channel.API,
                key=lasting_key("post", request),
                at=timezone.now(),
                **given,
            )
            return with_tag(request, post, serializers.Post(post).data, status=201)

        return self.answer_once(request, command)


class PostView(GenericAPIView):
    permission_classes = [IsAuthenticatedOrReadOnly]
    serializer_class = serializers.Post
    pagination_class = None

    @extend_schema(
        operation_id="posts_read",
        summary="Read a post",
        parameters=[IF_NONE_MATCH],
        responses={200: serializers.Post, 304: None},
        tags=["posts"],
    )
    def get(self, request: Request, post_id: UUID) -> Response:
        post = queries.post_for(request.user, post_id)
        return with_tag(request, post, serializers.Post(post).data)

    @extend_schema(
        operation_id="posts_edit",
        summary="Edit one's post",
        parameters=[IF_MATCH],
        request=serializers.EditPost,
        responses={200: serializers.Post},
        tags=["posts"],
    )
    def patch(self, request: MemberRequest, post_id: UUID) -> Response:
        changes = read(serializers.EditPost, request)
        post = queries.post_for(request.user, post_id)
        must_be_own(request, post)
        with as_read(request, post):
            operations.edit_post(editor=request.user, post_id=post_id, at=timezone.now(), **changes)
        post = queries.post_for(request.user, post_id)
        return with_tag(request, post, serializers.Post(post).data)

    @extend_schema(
        operation_id="posts_remove",
        summary="Remove a post",
        description="Its author or a moderator. Tips inside their refund window go back to their givers.",
        parameters=[IF_MATCH, REASON],
        request=None,
        responses={204: None},
        tags=["posts"],
    )
    def delete(self, request: MemberRequest, post_id: UUID) -> Response:
        post = queries.post_for(request.user, post_id)
        if not request.user.is_staff:
            must_be_own(request, post)
        with as_read(request, post):
            operations.remove_post(
                remover=request.user,
                post_id=post_id,
                reason=reason_of(request),
                at=timezone.now(),
                channel=Transfer.Channel.API,
            )
        return Response(status=204)
