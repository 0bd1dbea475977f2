"""Notifications in the API. The live stream is a view of its own (`events.py`)."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.members.queries import member_of
from accounts.notifications import operations, queries, serializers
from accounts.notifications.models import Notification
from accounts.notifications.readable import as_readable
from config.lib.pagination import Keyset


class NotificationsView(GenericAPIView):
    """GET notifications"""

    serializer_class = serializers.NotificationSerializer
    permission_classes = [IsAuthenticated]
    keyset = Keyset(*queries.NEWEST_FIRST)
    queryset = Notification.objects.none()

    @extend_schema(
        summary="My notifications",
        description="What happened last comes first. While one is unread, more of the same is added to it: its words,"
        " `data` and `happened_at` change. `GET /api/v1/events` tells of new ones as server-sent events:"
        " `notification`, `unread`, `balance`.",
        tags=["notifications"],
        parameters=[OpenApiParameter("unread", OpenApiTypes.STR, enum=["true", "false"], description="Only these.")],
        responses=serializers.NotificationSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        asked = serializers.Wanted(
            data={name: request.query_params[name] for name in ("unread",) if name in request.query_params}
        )
        asked.is_valid(raise_exception=True)
        rows = queries.notifications_of(member_of(request))
        if "unread" in asked.validated_data:
            rows = rows.filter(is_read=asked.validated_data["unread"] == "false")
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(as_readable(page or ()), many=True).data)


class ReadView(GenericAPIView):
    """PUT notifications/{id}/read"""

    serializer_class = serializers.NotificationSerializer
    permission_classes = [IsAuthenticated]
    pagination_class = None

    @extend_schema(
        operation_id="notifications_read",
        summary="Note that I have read it",
        description="Reading it twice is no error.",
        request=None,
        responses={204: None},
        tags=["notifications"],
    )
    def put(self, request: Request, notification_id: Any) -> Response:
        operations.mark_read(member=member_of(request), notification_id=notification_id, at=timezone.now())
        return Response(status=204)


class ReadAllView(GenericAPIView):
    """POST notifications/read-all"""

    serializer_class = serializers.NotificationSerializer
    permission_classes = [IsAuthenticated]
    pagination_class = None

    @extend_schema(
        operation_id="notifications_read_all",
        summary="Note that I have read all of them",
        request=None,
        responses={204: None},
        tags=["notifications"],
    )
    def post(self, request: Request) -> Response:
        operations.mark_all_read(member=member_of(request), at=timezone.now())
        return Response(status=204)
