"""The feeds: what readers see first. Each leaves out what its reader keeps away."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.permissions import BasePermission, IsAuthenticated, IsAuthenticatedOrReadOnly

from social.feed import models, queries, serializers


class _FeedView(ListAPIView):
    permission_classes: list[type[BasePermission]] = [IsAuthenticatedOrReadOnly]
    serializer_class = serializers.Post

    def get_queryset(self) -> QuerySet[models.Post]:
        if getattr(self, "swagger_fake_view", False):
            return models.Post.objects.none()
        return self.posts()

    def posts(self) -> QuerySet[models.Post]:
        raise NotImplementedError


@extend_schema_view(
    get=extend_schema(
        operation_id="feed_hot",
        summary="The hot feed",
        description="Posts of the hot and warm levels, the best first. Public.",
        tags=["feed"],
    )
)
class HotFeedView(_FeedView):
    keyset = queries.HOT

    def posts(self) -> QuerySet[models.Post]:
        return queries.hot_feed(self.request.user)


@extend_schema_view(
    get=extend_schema(
        operation_id="feed_trending",
        summary="The trending feed",
        description="Posts that coins reach at present, those with the highest velocity first. Public.",
        tags=["feed"],
    )
)
class TrendingFeedView(_FeedView):
    keyset = queries.TRENDING

    def posts(self) -> QuerySet[models.Post]:
        return queries.trending_feed(self.request.user, at=timezone.now())


@extend_schema_view(
    get=extend_schema(
        operation_id="feed_new",
        summary="All posts, the newest first",
        description="Every post that can be seen. Public.",
        tags=["feed"],
    )
)
class NewFeedView(_FeedView):
    keyset = queries.NEWEST

    def posts(self) -> QuerySet[models.Post]:
        return queries.new_feed(self.request.user)


@extend_schema_view(
    get=extend_schema(
        operation_id="feed_gems",
        summary="Hidden gems",
        description="Posts of the cold level and the archive that few have seen, and who did tipped them well: the "
        "most coins per view first. Public.",
        tags=["feed"],
    )
)
class GemsFeedView(_FeedView):
    keyset = queries.GEMS

    def posts(self) -> QuerySet[models.Post]:
        return queries.gems_feed(self.request.user)


@extend_schema_view(
    get=extend_schema(
        operation_id="feed_following",
        summary="The feed of pages one follows",
        description="Posts of the pages that the caller follows, the newest first.",
        tags=["feed"],
    )
)
class FollowingFeedView(_FeedView):
    permission_classes = [IsAuthenticated]
    keyset = queries.NEWEST

    def posts(self) -> QuerySet[models.Post]:
        return queries.following_feed(self.request.user)
