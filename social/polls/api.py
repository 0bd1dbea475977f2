"""Polls in the API."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from social.feed import queries as feed
from social.feed.api.reading import MemberRequest, read
from social.polls import operations, queries, serializers


class PollView(GenericAPIView):
    """GET posts/{id}/poll"""

    permission_classes = [IsAuthenticatedOrReadOnly]
    serializer_class = serializers.Tally
    pagination_class = None

    @extend_schema(
        operation_id="polls_read",
        summary="How a poll stands",
        description="Votes are told to those who have voted, and to everyone once it is over. 404 for a post that asks "
        "nothing.",
        responses={200: serializers.Tally},
        tags=["posts"],
    )
    def get(self, request: Request, post_id: UUID) -> Response:
        feed.post_for(request.user, post_id)
        tally = queries.tally_of(post_id, request.user, timezone.now())
        return Response(serializers.Tally(tally).data)


class VoteView(GenericAPIView):
    """PUT posts/{id}/vote"""

    permission_classes = [IsAuthenticated]
    serializer_class = serializers.Vote
    pagination_class = None

    @extend_schema(
        operation_id="polls_vote",
        summary="Vote in a post's poll",
        description="One vote each; until the end it can be changed by voting again. 409 `poll-over` after it; 422 "
        "`blocked` between members who keep apart.",
        request=serializers.Vote,
        responses={200: serializers.Tally},
        tags=["posts"],
    )
    def put(self, request: MemberRequest, post_id: UUID) -> Response:
        given, at = read(serializers.Vote, request), timezone.now()
        operations.cast_vote(voter=request.user, post_id=post_id, option_id=given["option"], at=at)
        return Response(serializers.Tally(queries.tally_of(post_id, request.user, at)).data)
