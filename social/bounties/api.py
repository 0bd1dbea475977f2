"""Bounties in the API."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from config.lib.idempotency import IdempotentMixin
from economy.ledger.models import Transfer
from social.bounties import operations, serializers
from social.feed import queries
from social.feed.api.reading import MemberRequest, must_be_own, read


class AwardView(IdempotentMixin, GenericAPIView):
    """POST posts/{id}/bounty/award"""

    permission_classes = [IsAuthenticated]
    serializer_class = serializers.AwardBounty
    pagination_class = None

    @extend_schema(
        operation_id="bounties_award",
        summary="Choose the best answer to one's post",
        description="Its writer gets the bounty at once; choosing the same answer again changes nothing. 409 "
        "`bounty-resolved` when it was paid for another one or went back, `bounty-over` after its time; 422 "
        "`own-answer`, `not-payable`, `blocked`, `coins-held`, and `gift-limit` beyond what may be given away in a "
        "day: gifts and awarded bounties count together, and the bounty stays open.",
        request=serializers.AwardBounty,
        responses={201: serializers.Bounty},
        tags=["posts"],
    )
    def post(self, request: MemberRequest, post_id: UUID) -> Response:
        given = read(serializers.AwardBounty, request)

        def command() -> Response:
            must_be_own(request, queries.post_for(request.user, post_id))
            bounty = operations.award_bounty(
                author=request.user,
                post_id=post_id,
                comment_id=given["comment"],
                channel=Transfer.Channel.API,
                at=timezone.now(),
            )
            return Response(serializers.Bounty(bounty).data, status=201)

        return self.answer_once(request, command)
