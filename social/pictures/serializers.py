"""Pictures in JSON: what goes out, and how a post or draft names those it shows."""

from collections.abc import Mapping
from typing import Any

from django.core.files.storage import default_storage
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from config.lib.parsing import StrictCharField, StrictSerializer
from social.pictures import rules


class Size(serializers.Serializer):
    """One file of a picture."""

    url = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class Picture(serializers.Serializer):
    """A picture, with a file for each size that it needs (long edges of 480, 960 and 1600 pixels, never enlarged)."""

    id = serializers.UUIDField()
    alt = serializers.CharField(help_text="What is to be seen, for those who do not see it; may be empty.")
    width = serializers.IntegerField(help_text="Pixels of the largest file.")
    height = serializers.IntegerField(help_text="Pixels of the largest file.")
    sizes = serializers.SerializerMethodField(help_text="Its files, the smallest first.")

    @extend_schema_field(Size(many=True))
    def get_sizes(self, picture: Any) -> list[dict[str, Any]]:
        # A row, or what a post's card keeps of it.
        kept = picture if isinstance(picture, Mapping) else {name: getattr(picture, name) for name in _KEPT}
        return [
            {"url": default_storage.url(name), "width": width, "height": height}
            for name, width, height in rules.sizes(kept)
        ]


_KEPT = ("id", "width", "height")


@extend_schema_serializer(
    examples=[OpenApiExample("One picture", {"picture": "the file"}, media_type="multipart/form-data")]
)
class SendPicture(serializers.Serializer):
    """A form with one picture."""

    picture = serializers.FileField(help_text="JPEG, PNG or WebP.")
    alt = serializers.CharField(required=False, max_length=rules.LONGEST_ALT, help_text="What is to be seen.")


class PictureToShow(StrictSerializer):
    """A picture of one's own that a post or draft takes along."""

    id = serializers.UUIDField(help_text="As POST pictures answered.")
    alt = StrictCharField(
        max_length=rules.LONGEST_ALT, required=False, allow_blank=True, help_text="What is to be seen."
    )
