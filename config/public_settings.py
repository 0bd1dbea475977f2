"""GET settings: the figures and modes that this community lives by, as they are now. Staff change them in the admin."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from config.lib.runtime import figures


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "integer"}]})
class ValueField(serializers.Field):
    """A count as a number; coins, shares and words as a string."""

    def to_representation(self, value: Any) -> Any:
        return str(value) if isinstance(value, Decimal) else value


class SettingSerializer(serializers.Serializer):
    """One public setting."""

    key = serializers.CharField(help_text="Its name, such as TIP_MAX.")
    value = ValueField(help_text="As it is now, at most a second old: counts are numbers, all else are strings.")
    type = serializers.CharField(help_text="coins, share (0 to 1), count, or the name of a choice.")
    description = serializers.CharField(help_text="What it is, in English.")


class SettingsView(GenericAPIView):
    """GET settings"""

    permission_classes = [AllowAny]
    serializer_class = SettingSerializer
    pagination_class = None

    @extend_schema(
        summary="The public settings",
        description="What tips, gifts, tax, stipend, joining and standing follow here. By name; the list only grows.",
        tags=["economy"],
        responses=SettingSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        now = figures()
        told = [
            {"key": name, "value": getattr(now, name), "type": kind, "description": meaning}
            for name, (_default, meaning, kind) in sorted(settings.CONSTANCE_CONFIG.items())
            if name in settings.PUBLIC_SETTINGS
        ]
        return Response(self.get_serializer(told, many=True).data)
