"""Notifications in JSON."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.notifications.models import Notification
from accounts.notifications.queries import shown
from config.lib.parsing import StrictSerializer

EXAMPLE = {
    "id": "01936d2e-0b1c-7c3a-9d55-3f1b1a6c0a05",
    "type": "tip",
    "title": "12 people tipped you 34.00",
    "message": "Ana, Bob, Cem and 9 others · Bread without kneading",
    "path": "/p/01936d2e-0b1c-7c3a-9d55-3f1b1a6c0a03/",
    "reference_type": "post",
    "reference_id": "01936d2e-0b1c-7c3a-9d55-3f1b1a6c0a03",
    "data": {
        "count": 14,
        "people": 12,
        "coins": "34.00",
        "who": [{"id": "01936d2e-0b1c-7c3a-9d55-3f1b1a6c0a02", "name": "Ana"}],
    },
    "is_read": False,
    "read_at": None,
    "happened_at": "2026-11-21T03:40:00Z",
    "created_at": "2026-11-21T03:38:00Z",
}

_DATA = {
    "type": "object",
    "required": ["count", "people", "coins", "who"],
    "properties": {
        "count": {"type": ["integer", "null"]},
        "people": {"type": ["integer", "null"]},
        "coins": {"type": ["string", "null"]},
        "who": {
            "type": ["array", "null"],
            "items": {
                "type": "object",
                "properties": {"id": {"type": "string", "format": "uuid"}, "name": {"type": "string"}},
            },
        },
    },
}


@extend_schema_serializer(examples=[OpenApiExample("notification", EXAMPLE)])
class NotificationSerializer(serializers.ModelSerializer):
    """What a member hears of."""

    path = serializers.SerializerMethodField(help_text="Where it leads, on this site.")
    data = serializers.SerializerMethodField(  # type: ignore[assignment]
        help_text="How often it happened, by how many, worth what, the last three who did it."
    )

    class Meta:
        model = Notification
        fields = [
            "id",
            "type",
            "title",
            "message",
            "path",
            "reference_type",
            "reference_id",
            "data",
            "is_read",
            "read_at",
            "happened_at",
            "created_at",
        ]

    @extend_schema_field(str)
    def get_path(self, row: Notification) -> str:
        return row.data.get("path", "")

    @extend_schema_field(_DATA)
    def get_data(self, row: Notification) -> dict[str, Any]:
        return shown(row)


class Wanted(StrictSerializer):
    """Which of the notifications are asked for."""

    unread = serializers.ChoiceField(
        choices=["true", "false"], required=False, error_messages={"invalid_choice": _("Write true or false.")}
    )
