"""Tips, and taking them back."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from config.lib.idempotency import IdempotentMixin, lasting_key
from economy.ledger.models import Transfer
from social.feed import operations, queries, serializers
from social.feed.api.reading import MemberRequest, read

_GIVEN = OpenApiExample(
    "3.33 coins",
    {
        "id": "019a0000-0000-7000-8000-000000000000",
        "amount": "3.33",
        "to_creator": "2.01",
        "to_treasury": "0.66",
        "burned": "0.66",
        "refundable_until": "2026-11-22T10:00:00Z",
    },
    response_only=True,
    status_codes=["201"],
)
_TIPPED = (
    "The coins wait on the content; after REFUND_WINDOW_HOURS they are split as the answer says, `to_creator` among "
    "the post's writer and its co-authors. 422 `insufficient-funds`, `tip-limit`, `own-content` (also for co-authors)."
)


_TIPPERS = "The most generous first, with all their tips together; what was taken back does not count. Public."


class TippingView(IdempotentMixin, GenericAPIView):
    """One tip on one target; and who has tipped it."""

    permission_classes = [IsAuthenticatedOrReadOnly]
    serializer_class = serializers.Tipper
    keyset = queries.TIPPERS

    def tippers(self, request: Request, target: Any) -> Response:
        rows = self.paginate_queryset(queries.tips_by_page(target, request.user)) or []
        return self.get_paginated_response(serializers.Tipper(queries.tippers(rows), many=True).data)

    def give(self, request: MemberRequest, tip: Any, **target: UUID) -> Response:
        given = read(serializers.GiveTip, request)

        def command() -> Response:
            given_tip = tip(
                spender=request.user,
                coins=given["amount"],
                channel=Transfer.Channel.API,
                key=lasting_key("tip", request),
                at=timezone.now(),
                **target,
            )
            return Response(serializers.Tip(given_tip).data, status=201)

        return self.answer_once(request, command)


class TipsOnPostView(TippingView):
    @extend_schema(
        operation_id="posts_tippers",
        summary="Who tipped a post",
        description=_TIPPERS,
        responses={200: serializers.Tipper(many=True)},
        tags=["tips"],
    )
    def get(self, request: Request, post_id: UUID) -> Response:
        return self.tippers(request, queries.post_for(request.user, post_id))

    @extend_schema(
        operation_id="posts_tip",
        summary="Tip a post",
        description=_TIPPED,
        request=serializers.GiveTip,
        responses={201: serializers.Tip},
        examples=[_GIVEN],
        tags=["tips"],
    )
    def post(self, request: MemberRequest, post_id: UUID) -> Response:
        return self.give(request, operations.tip_post, post_id=post_id)


class TipsOnCommentView(TippingView):
    @extend_schema(
        operation_id="comments_tippers",
        summary="Who tipped a comment",
        description=_TIPPERS,
        responses={200: serializers.Tipper(many=True)},
        tags=["tips"],
    )
    def get(self, request: Request, comment_id: UUID) -> Response:
        return self.tippers(request, queries.comment_for(request.user, comment_id))

    @extend_schema(
        operation_id="comments_tip",
        summary="Tip a comment",
        description=_TIPPED,
        request=serializers.GiveTip,
        responses={201: serializers.Tip},
        examples=[_GIVEN],
        tags=["tips"],
    )
    def post(self, request: MemberRequest, comment_id: UUID) -> Response:
        return self.give(request, operations.tip_comment, comment_id=comment_id)


class TipView(GenericAPIView):
    permission_classes = [IsAuthenticated]
    serializer_class = serializers.Tip
    pagination_class = None

    @extend_schema(
        operation_id="tips_take_back",
        summary="Take a tip back",
        description="All of it returns, while its refund window is open. 422 `refund-window-over`, 409 `tip-resolved`.",
        request=None,
        responses={204: None},
        tags=["tips"],
    )
    def delete(self, request: MemberRequest, tip_id: UUID) -> Response:
        operations.take_back(spender=request.user, tip_id=tip_id, channel=Transfer.Channel.API, at=timezone.now())
        return Response(status=204)
