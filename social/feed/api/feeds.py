"""The feeds: what readers see first. Each leaves out what its reader keeps away."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.permissions import BasePermission, IsAuthenticated, IsAuthenticatedOrReadOnly

from config.lib.pagination import Gathered
from social.feed import models, queries, serializers


class _FeedView(ListAPIView):
    permission_classes: list[type[BasePermission]] = [IsAuthenticatedOrReadOnly]
    serializer_class = serializers.Post
    feed: Callable[[Any], QuerySet[models.Post] | Gathered]

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return models.Post.objects.none()
        return self.feed(self.request.user)


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
    feed = staticmethod(queries.hot_feed)


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
    feed = staticmethod(lambda reader: queries.trending_feed(reader, at=timezone.now()))


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
    feed = staticmethod(queries.new_feed)


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
    feed = staticmethod(queries.gems_feed)


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
    feed = staticmethod(queries.following_feed)
