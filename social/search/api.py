"""Search in the API."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from config.lib.addresses import address_of
from config.lib.pagination import BadCursor, NewestFirst
from social.search import operations, serializers

_Q = OpenApiParameter(
    "q",
    OpenApiTypes.STR,
    required=True,
    description='Words (all must occur), `"words side by side"`, `-word` (must not), `@name` (wrote it), '
    "`#tag` (all must be there), `after:2026-11-01` (from that day on), `before:2026-11` (until the day before; "
    "a month or a year is its first day). At most 200 characters; what cannot be understood is a word.",
)
_TYPE = OpenApiParameter(
    "type", OpenApiTypes.STR, enum=["posts", "comments", "pages", "hashtags"], description="What to look for: posts."
)


def _asked(serializer: Any, request: Request, *names: str) -> dict[str, Any]:
    given = serializer(data={name: request.query_params[name] for name in names if name in request.query_params})
    given.is_valid(raise_exception=True)
    return given.validated_data


class _Ranked(NewestFirst):
    """By type: the list's documented shape and parameters; the page itself comes from the search."""

    def answer(self, request: Request, data: Any, *, after: str | None, before: str | None) -> Response:
        """One page of results with the addresses of its neighbours."""
        here = remove_query_param(request.build_absolute_uri(), "cursor")
        links = {
            name: replace_query_param(here, "cursor", cursor) if cursor else None
            for name, cursor in (("next", after), ("previous", before))
        }
        return Response({**links, "results": data})


class SearchView(GenericAPIView):
    """GET search"""

    permission_classes = [AllowAny]
    serializer_class = serializers.ResultSerializer
    pagination_class = _Ranked
    queryset = None

    @extend_schema(
        operation_id="search",
        summary="Search",
        description="What may be seen by the caller, the best first: how well the words match, and how new it is; the "
        "newest 1,000 matches are ranked. Where no word matches as it is written, words that begin like it do. Public. "
        "429 `search-limit` after SEARCHES_PER_MINUTE.",
        tags=["search"],
        parameters=[_Q, _TYPE],
        responses=serializers.ResultSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        asked = _asked(serializers.Asked, request, "q", "type", "cursor", "page_size")
        kind = operations.kind_of(asked["type"])
        if kind is None:
            raise ValidationError({"type": [_("Nothing of this kind can be found.")]})
        try:
            found = operations.search(
                text=asked["q"],
                kind=kind,
                reader=request.user,
                address=address_of(request),
                cursor=asked["cursor"],
                size=asked["page_size"],
            )
        except BadCursor:
            raise ValidationError({"cursor": [_("This cursor is not one that we gave out.")]})
        shown = serializers.ResultSerializer(found.rows, many=True).data
        return _Ranked().answer(request, shown, after=found.next, before=found.previous)


class SuggestionsView(GenericAPIView):
    """GET search/suggestions"""

    permission_classes = [AllowAny]
    serializer_class = serializers.SuggestionsSerializer
    pagination_class = None
    queryset = None

    @extend_schema(
        operation_id="search_suggestions",
        summary="Suggestions while typing",
        description="Pages and hashtags whose names begin like what is being typed. Public. 429 `search-limit` after "
        "SUGGESTIONS_PER_MINUTE.",
        tags=["search"],
        parameters=[OpenApiParameter("q", OpenApiTypes.STR, required=True, description="What is typed so far.")],
        responses=serializers.SuggestionsSerializer,
    )
    def get(self, request: Request) -> Response:
        asked = _asked(serializers.Begun, request, "q")
        offered = operations.suggest(text=asked["q"], reader=request.user, address=address_of(request))
        return Response(serializers.SuggestionsSerializer(offered).data)
