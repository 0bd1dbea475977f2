"""What posts and comments said before they were changed."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticatedOrReadOnly

from config.lib.pagination import Keyset
from social.feed import history, models, queries, serializers

_SAYS = (
    "The words before each change that was made later than EDIT_FREE_MINUTES after writing, the latest change first."
)


class _HistoryView(ListAPIView):
    permission_classes = [IsAuthenticatedOrReadOnly]
    keyset = Keyset("-id")
    target: str

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return models.PostEdition.objects.none()
        which: UUID = self.kwargs[f"{self.target}_id"]
        find = queries.post_for if self.target == "post" else queries.comment_for
        return history.editions_of(find(self.request.user, which))


@extend_schema_view(
    get=extend_schema(
        operation_id="posts_history", summary="What a post said before", description=f"{_SAYS} Public.", tags=["posts"]
    )
)
class HistoryOfPostView(_HistoryView):
    serializer_class = serializers.PostEdition
    target = "post"


@extend_schema_view(
    get=extend_schema(
        operation_id="comments_history",
        summary="What a comment said before",
        description=f"{_SAYS} Public.",
        tags=["comments"],
    )
)
class HistoryOfCommentView(_HistoryView):
    serializer_class = serializers.CommentEdition
    target = "comment"
