"""What a page has written, who follows it, and following it."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.response import Response

from accounts.members.queries import page_by_username
from social.feed import models, operations, queries, serializers
from social.feed.api.reading import MemberRequest


@extend_schema_view(
    get=extend_schema(
        operation_id="pages_posts", summary="A page's posts", description="The newest first. Public.", tags=["pages"]
    )
)
class PostsOfPageView(ListAPIView):
    permission_classes = [IsAuthenticatedOrReadOnly]
    serializer_class = serializers.Post
    keyset = queries.NEWEST

    def get_queryset(self) -> QuerySet[models.Post]:
        if getattr(self, "swagger_fake_view", False):
            return models.Post.objects.none()
        return queries.posts_of(page_by_username(self.kwargs["username"]), self.request.user)


@extend_schema_view(
    get=extend_schema(
        operation_id="pages_followers",
        summary="A page's followers",
        description="The latest first. Public.",
        tags=["pages"],
    )
)
class FollowersView(ListAPIView):
    permission_classes = [IsAuthenticatedOrReadOnly]
    serializer_class = serializers.Follower
    keyset = queries.NEWEST

    def get_queryset(self) -> QuerySet[models.Follow]:
        if getattr(self, "swagger_fake_view", False):
            return models.Follow.objects.none()
        return queries.followers_of(page_by_username(self.kwargs["username"]), self.request.user)


class FollowView(GenericAPIView):
    permission_classes = [IsAuthenticated]
    serializer_class = serializers.Author
    pagination_class = None

    @extend_schema(
        operation_id="pages_follow", summary="Follow a page", request=None, responses={204: None}, tags=["pages"]
    )
    def put(self, request: MemberRequest, username: str) -> Response:
        operations.follow(follower=request.user, page=page_by_username(username), at=timezone.now())
        return Response(status=204)

    @extend_schema(
        operation_id="pages_unfollow",
        summary="Follow a page no longer",
        request=None,
        responses={204: None},
        tags=["pages"],
    )
    def delete(self, request: MemberRequest, username: str) -> Response:
        operations.unfollow(follower=request.user, page=page_by_username(username))
        return Response(status=204)
