"""Boosts in the API."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from config.lib.idempotency import IdempotentMixin, lasting_key
from config.lib.refusals import NotAllowed
from economy.ledger.models import Transfer
from social.boosts import operations, serializers
from social.feed import queries
from social.feed.api.reading import MemberRequest, read


class BoostView(IdempotentMixin, GenericAPIView):
    """POST posts/{id}/boost"""

    permission_classes = [IsAuthenticated]
    serializer_class = serializers.BoostPost
    pagination_class = None

    @extend_schema(
        operation_id="posts_boost",
        summary="Boost one's post",
        description="BOOST_COST goes to the treasury; the post stands on the hot level with fresh time. 409 "
        "`boost-running` within BOOST_HOURS of the last one; 422 `boost-limit`, `insufficient-funds`.",
        request=serializers.BoostPost,
        responses={201: serializers.Boost},
        tags=["posts"],
    )
    def post(self, request: MemberRequest, post_id: UUID) -> Response:
        read(serializers.BoostPost, request)

        def command() -> Response:
            if queries.post_for(request.user, post_id).user_id != request.user.pk:
                raise NotAllowed()
            boost = operations.boost_post(
                author=request.user,
                post_id=post_id,
                channel=Transfer.Channel.API,
                key=lasting_key("boost", request),
                at=timezone.now(),
            )
            return Response(serializers.Boost(boost).data, status=201)

        return self.answer_once(request, command)
