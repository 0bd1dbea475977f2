"""Co-authors in the API."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.members.models import Page
from config.lib.refusals import NotThere
from social.coauthors import operations, queries, serializers
from social.feed import queries as feed
from social.feed.api.reading import MemberRequest, read


class CoAuthorsView(GenericAPIView):
    """GET posts/{id}/coauthors"""

    permission_classes = [IsAuthenticatedOrReadOnly]
    serializer_class = serializers.CoAuthor
    pagination_class = None

    @extend_schema(
        operation_id="coauthors_list",
        summary="The co-authors of a post",
        description="Those who share in its tips; its writer and those who were asked see who has not agreed too.",
        responses={200: serializers.CoAuthor(many=True)},
        tags=["posts"],
    )
    def get(self, request: Request, post_id: UUID) -> Response:
        rows = queries.coauthors_of(feed.post_for(request.user, post_id), request.user)
        return Response(serializers.CoAuthor(rows, many=True).data)


class AnswerCoAuthorView(GenericAPIView):
    """PUT posts/{id}/coauthors/me"""

    permission_classes = [IsAuthenticated]
    serializer_class = serializers.AnswerCoAuthor
    pagination_class = None

    @extend_schema(
        operation_id="coauthors_answer",
        summary="Say whether one shares in the tips of a post",
        description="404 for whoever was not asked. One may think again; tips given before stay divided as they were.",
        request=serializers.AnswerCoAuthor,
        responses={200: serializers.CoAuthor},
        tags=["posts"],
    )
    def put(self, request: MemberRequest, post_id: UUID) -> Response:
        given = read(serializers.AnswerCoAuthor, request)
        row = operations.answer(
            member=request.user, post_id=post_id, agrees=given["answer"] == "yes", at=timezone.now()
        )
        return Response(serializers.CoAuthor(row).data)


class AskedCoAuthorView(GenericAPIView):
    """DELETE posts/{id}/coauthors/{username}"""

    permission_classes = [IsAuthenticated]
    pagination_class = None

    @extend_schema(
        operation_id="coauthors_take_back",
        summary="Ask somebody no longer to share in the tips of one's post",
        description="409 answered-already once they have answered; 404 for whoever is not asked, or of another's post.",
        request=None,
        responses={204: None},
        tags=["posts"],
    )
    def delete(self, request: MemberRequest, post_id: UUID, username: str) -> Response:
        named = Page.objects.filter(username=username.lower()).values_list("pk", flat=True).first()
        if not operations.take_back_question(author=request.user, post_id=post_id, page_id=named):
            raise NotThere()
        return Response(status=204)
