"""The post that stands first on a page."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from social.feed import operations, queries, serializers
from social.feed.api.reading import MemberRequest, must_be_own


class PinView(GenericAPIView):
    """PUT DELETE posts/{id}/pin"""

    permission_classes = [IsAuthenticated]
    serializer_class = serializers.Post
    pagination_class = None

    @extend_schema(
        operation_id="posts_pin",
        summary="Pin one's post to its page",
        description="It stands first there, in the place of another one. Pinning it again changes nothing.",
        request=None,
        responses={204: None},
        tags=["posts"],
    )
    def put(self, request: MemberRequest, post_id: UUID) -> Response:
        must_be_own(request, queries.post_for(request.user, post_id))
        operations.pin_post(member=request.user, post_id=post_id, at=timezone.now())
        return Response(status=204)

    @extend_schema(
        operation_id="posts_unpin",
        summary="Unpin one's post",
        description="It stands in its order again. Unpinning one that is not pinned changes nothing.",
        request=None,
        responses={204: None},
        tags=["posts"],
    )
    def delete(self, request: MemberRequest, post_id: UUID) -> Response:
        must_be_own(request, queries.post_for(request.user, post_id))
        operations.unpin_post(member=request.user, post_id=post_id)
        return Response(status=204)
