"""Hashtags in the API."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticatedOrReadOnly

from social.feed import models, serializers
from social.feed.queries import NEWEST
from social.hashtags import queries


@extend_schema_view(
    get=extend_schema(
        operation_id="tags_posts",
        summary="The posts under a hashtag",
        description="The newest first. Public. Case and width of the name do not count; 404 for what cannot be a "
        "hashtag, an empty list for one that nobody has used.",
        tags=["posts"],
    )
)
class PostsUnderTagView(ListAPIView):
    permission_classes = [IsAuthenticatedOrReadOnly]
    serializer_class = serializers.Post
    keyset = NEWEST

    def get_queryset(self) -> QuerySet[models.Post]:
        if getattr(self, "swagger_fake_view", False):
            return models.Post.objects.none()
        return queries.posts_under(queries.hashtag_named(self.kwargs["name"]), self.request.user)
