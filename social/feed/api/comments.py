"""Comments."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.members.boundaries import mark_left_out
from config.lib.idempotency import IdempotentMixin, lasting_key
from config.lib.pagination import Keyset
from economy.ledger.models import Transfer
from social.feed import models, operations, queries, serializers
from social.feed.api.reading import (
    IF_MATCH,
    REASON,
    MemberRequest,
    as_read,
    must_be_own,
    page_to_act_as,
    read,
    reason_of,
    with_tag,
)
from social.feed.threads import SORTS, Conversation

_SORT = OpenApiParameter(
    "sort",
    OpenApiTypes.STR,
    enum=list(SORTS),
    description="Thread by thread: the best tipped first, the newest or the oldest.",
)
_THREAD = OpenApiParameter(
    "thread", OpenApiTypes.UUID, description="Only this comment on the post and what was answered below it."
)


def _id_in(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise ValidationError({"thread": [_("This is not the id of a comment.")]}) from error


class CommentsView(IdempotentMixin, ListAPIView):
    permission_classes = [IsAuthenticatedOrReadOnly]
    serializer_class = serializers.Comment
    keyset = Keyset("id")

    def get_queryset(self) -> QuerySet[models.Comment]:
        if getattr(self, "swagger_fake_view", False):
            return models.Comment.objects.none()
        post = queries.post_for(self.request.user, self.kwargs["post_id"])
        comments = models.Comment.objects.filter(post=post).select_related("page", "user")
        thread = self.request.query_params.get("thread", "")
        if thread:
            comments = comments.filter(Q(pk=_id_in(thread)) | Q(root=_id_in(thread)))
        return mark_left_out(comments, self.request.user, author="user_id")

    @extend_schema(
        operation_id="comments_list",
        summary="The comments on a post",
        description="In the order in which they were written; `parent` and `thread_depth` make the tree. With `sort` "
        "thread by thread: `page_size` counts threads, each one followed by its first 10 answers in the order of the "
        "tree, and one with `has_more_answers` is read in full with `thread`. A removed comment keeps its place "
        "without its words, and so does one of a member with whom the caller keeps apart; what the caller has muted "
        "says `is_left_out`.",
        parameters=[_SORT, _THREAD],
        tags=["comments"],
    )
    def get(self, request: Request, post_id: UUID) -> Response:
        sort = request.query_params.get("sort")
        if sort is None:
            return super().get(request, post_id=post_id)
        if sort not in SORTS or "thread" in request.query_params:
            raise ValidationError({"sort": [_("Choose one of top, new and old, and no thread with it.")]})
        conversation = Conversation(queries.post_for(request.user, post_id), request.user)
        self.keyset = SORTS[sort]
        roots = self.paginate_queryset(conversation.roots()) or []
        return self.get_paginated_response(serializers.Comment(conversation.with_answers(roots), many=True).data)

    @extend_schema(
        operation_id="comments_write",
        summary="Comment on a post",
        description="FREE_COMMENTS_PER_DAY a day cost nothing, further ones COMMENT_FEE: part goes to the post's "
        "author, part to the treasury, the rest is burned.",
        request=serializers.WriteComment,
        responses={201: serializers.Comment},
        tags=["comments"],
    )
    def post(self, request: MemberRequest, post_id: UUID) -> Response:
        given = read(serializers.WriteComment, request)
        page = page_to_act_as(request.user, given)

        def command() -> Response:
            comment = operations.write_comment(
                author=request.user,
                page=page,
                post_id=post_id,
                content=given["content"],
                parent_id=given.get("parent"),
                channel=Transfer.Channel.API,
                key=lasting_key("comment", request),
                at=timezone.now(),
            )
            return with_tag(request, comment, serializers.Comment(comment).data, status=201)

        return self.answer_once(request, command)


class CommentView(GenericAPIView):
    permission_classes = [IsAuthenticated]
    serializer_class = serializers.Comment
    pagination_class = None

    @extend_schema(
        operation_id="comments_edit",
        summary="Edit one's comment",
        parameters=[IF_MATCH],
        request=serializers.EditComment,
        responses={200: serializers.Comment},
        tags=["comments"],
    )
    def patch(self, request: MemberRequest, comment_id: UUID) -> Response:
        changes = read(serializers.EditComment, request)
        comment = queries.comment_to_change(request.user, comment_id)
        must_be_own(request, comment)
        with as_read(request, comment):
            comment = operations.edit_comment(editor=request.user, comment_id=comment_id, at=timezone.now(), **changes)
        return with_tag(request, comment, serializers.Comment(comment).data)

    @extend_schema(
        operation_id="comments_remove",
        summary="Remove a comment",
        description="Its author or a moderator. Replies stay; tips inside their refund window go back to their givers.",
        parameters=[IF_MATCH, REASON],
        request=None,
        responses={204: None},
        tags=["comments"],
    )
    def delete(self, request: MemberRequest, comment_id: UUID) -> Response:
        comment = queries.comment_to_change(request.user, comment_id)
        if not request.user.is_staff:
            must_be_own(request, comment)
        with as_read(request, comment):
            operations.remove_comment(
                remover=request.user,
                comment_id=comment_id,
                reason=reason_of(request),
                at=timezone.now(),
                channel=Transfer.Channel.API,
            )
        return Response(status=204)
