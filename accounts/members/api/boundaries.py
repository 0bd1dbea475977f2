"""Whom and what one does not want to meet, in the API."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.members import boundaries, serializers
from accounts.members.models import Block, Mute, MutedWord
from accounts.members.queries import member_of, page_by_username


class _OfPage(GenericAPIView):
    permission_classes = [IsAuthenticated]
    serializer_class = serializers.BlockedSerializer
    pagination_class = None


class BlockView(_OfPage):
    """PUT DELETE pages/{username}/block"""

    @extend_schema(
        operation_id="pages_block",
        summary="Block a member",
        description="Keeps the member behind the page away, both ways and on all pages; follows between the two end.",
        request=None,
        responses={204: None},
        tags=["members"],
    )
    def put(self, request: Request, username: str) -> Response:
        boundaries.block(member=member_of(request), page=page_by_username(username), at=timezone.now())
        return Response(status=204)

    @extend_schema(
        operation_id="pages_unblock", summary="Block no longer", request=None, responses={204: None}, tags=["members"]
    )
    def delete(self, request: Request, username: str) -> Response:
        boundaries.unblock(member=member_of(request), page=page_by_username(username))
        return Response(status=204)


class MuteView(_OfPage):
    """PUT DELETE pages/{username}/mute"""

    @extend_schema(
        operation_id="pages_mute",
        summary="Mute a page",
        description="Leaves what it writes out of the caller's lists. It does not learn of it.",
        request=None,
        responses={204: None},
        tags=["members"],
    )
    def put(self, request: Request, username: str) -> Response:
        boundaries.mute(member=member_of(request), page=page_by_username(username), at=timezone.now())
        return Response(status=204)

    @extend_schema(
        operation_id="pages_unmute", summary="Mute no longer", request=None, responses={204: None}, tags=["members"]
    )
    def delete(self, request: Request, username: str) -> Response:
        boundaries.unmute(member=member_of(request), page=page_by_username(username))
        return Response(status=204)


@extend_schema_view(get=extend_schema(operation_id="me_blocks", summary="Whom I have blocked", tags=["members"]))
class MyBlocksView(ListAPIView):
    """GET me/blocks"""

    serializer_class = serializers.BlockedSerializer
    queryset = Block.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        return Block.objects.filter(user=member_of(self.request)).select_related("page")


@extend_schema_view(get=extend_schema(operation_id="me_mutes", summary="Whom I have muted", tags=["members"]))
class MyMutesView(ListAPIView):
    """GET me/mutes"""

    serializer_class = serializers.BlockedSerializer
    queryset = Mute.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        return Mute.objects.filter(user=member_of(self.request)).select_related("page")


class MutedWordsView(ListAPIView):
    """GET POST me/muted-words"""

    serializer_class = serializers.MutedWordSerializer
    queryset = MutedWord.objects.none()

    @extend_schema(operation_id="me_muted_words", summary="Words I have muted", tags=["members"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="me_mute_word",
        summary="Mute a word",
        description="Posts with the word or phrase, as whole words, are left out of the caller's lists.",
        request=serializers.MutedWordSerializer,
        responses={201: serializers.MutedWordSerializer},
        tags=["members"],
    )
    def post(self, request: Request) -> Response:
        asked = serializers.MutedWordSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        word = boundaries.mute_word(member=member_of(request), at=timezone.now(), **asked.validated_data)
        return Response(serializers.MutedWordSerializer(word).data, status=201)

    def get_queryset(self) -> QuerySet[MutedWord]:
        return MutedWord.objects.filter(user=member_of(self.request))


class MutedWordView(GenericAPIView):
    """DELETE me/muted-words/{id}"""

    permission_classes = [IsAuthenticated]
    serializer_class = serializers.MutedWordSerializer
    pagination_class = None

    @extend_schema(
        operation_id="me_unmute_word",
        summary="Mute a word no longer",
        request=None,
        responses={204: None},
        tags=["members"],
    )
    def delete(self, request: Request, word_id: UUID) -> Response:
        boundaries.unmute_word(member=member_of(request), word_id=word_id)
        return Response(status=204)
