"""Drafts in JSON."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from config.lib.parsing import StrictCharField, StrictSerializer
from social.feed.rules import LONGEST_POST, LONGEST_TITLE
from social.pictures.rules import MOST as MOST_PICTURES
from social.pictures.serializers import Picture, PictureToShow


class Draft(serializers.Serializer):
    """A post in the making, which nobody but its writer sees."""

    id = serializers.UUIDField()
    title = serializers.CharField(help_text="May be empty.")
    content = serializers.CharField(help_text="May be empty.")
    pictures = serializers.SerializerMethodField(help_text="In their order.")
    rest = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="What else stood in the composer, by the names of its fields.",
    )
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_pictures(self, draft: Any) -> list[dict[str, Any]]:
        return list(Picture(draft.pictures.all(), many=True).data)


@extend_schema_serializer(
    examples=[OpenApiExample("A beginning", {"title": "Plums", "content": "The first plums"}, request_only=True)]
)
class ChangeDraft(StrictSerializer):
    """A draft as it shall stand; of a change, what is left out stays. All of it may be unfinished."""

    title = StrictCharField(max_length=LONGEST_TITLE, required=False, allow_blank=True)
    content = StrictCharField(max_length=LONGEST_POST, required=False, allow_blank=True)
    pictures = PictureToShow(many=True, required=False, max_length=MOST_PICTURES)  # type: ignore[call-arg]
    rest = serializers.DictField(
        child=serializers.ListField(child=StrictCharField(allow_blank=True, max_length=2_000), max_length=50),
        required=False,
        help_text="What else stands in the composer, by the names of its fields; for the site's own pages.",
    )
