"""Search in JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.lib.links import absolute
from config.lib.pagination import DEFAULT_SIZE, LARGEST_SIZE
from social.feed.serializers import Author
from social.search import rules
from social.search.kinds import Found
from social.search.queries import Piece, Result


class Asked(serializers.Serializer):
    """What to look for."""

    q = serializers.CharField(max_length=rules.LONGEST)
    type = serializers.CharField(max_length=30, default="posts")
    cursor = serializers.CharField(max_length=500, required=False, default="")
    page_size = serializers.RegexField(r"^[0-9]{1,3}$", required=False, default=str(DEFAULT_SIZE))

    def validate_page_size(self, given: str) -> int:
        size = int(given) if given.isascii() else 0
        if not 1 <= size <= LARGEST_SIZE:
            raise serializers.ValidationError(f"Write a whole number from 1 to {LARGEST_SIZE}.")
        return size


class Begun(serializers.Serializer):
    """What is being typed."""

    q = serializers.CharField(max_length=rules.LONGEST)


class PieceSerializer(serializers.Serializer):
    """A piece of a text, and whether it is what was looked for."""

    text = serializers.CharField()
    matches = serializers.BooleanField()


@extend_schema_field(PieceSerializer(many=True))
class Pieces(serializers.Field):
    """A text in pieces."""

    def to_representation(self, value: list[Piece]) -> list[dict[str, Any]]:
        return [{"text": text, "matches": matches} for text, matches in value]


class ResultSerializer(serializers.Serializer):
    """Something that was found. What a kind has none of is null."""

    type = serializers.CharField(source="found.kind")
    id = serializers.UUIDField(source="found.id")
    url = serializers.SerializerMethodField(help_text="Its page.")
    page = Author(source="found.page", allow_null=True, help_text="Who wrote it; of a page, itself.")
    title = Pieces(help_text="Its title in pieces, matches marked. May be empty.")
    excerpt = Pieces(source="text", help_text="What matches of its text, in pieces. Plain text.")
    count = serializers.IntegerField(
        source="found.count", allow_null=True, help_text="Posts under a hashtag, followers of a page."
    )
    created_at = serializers.DateTimeField(source="found.created_at", allow_null=True)

    @extend_schema_field(serializers.URLField())
    def get_url(self, result: Result) -> str:
        return absolute(result.found.url)


class SuggestionSerializer(serializers.Serializer):
    """A page or hashtag that begins like what is being typed."""

    type = serializers.CharField(source="kind")
    id = serializers.UUIDField()
    title = serializers.CharField()
    url = serializers.SerializerMethodField()
    page = Author(allow_null=True)
    count = serializers.IntegerField(allow_null=True)

    @extend_schema_field(serializers.URLField())
    def get_url(self, found: Found) -> str:
        return absolute(found.url)


class SuggestionsSerializer(serializers.Serializer):
    """What to offer while somebody types."""

    pages = SuggestionSerializer(many=True)
    hashtags = SuggestionSerializer(many=True)
