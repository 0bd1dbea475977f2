"""The economy in the API; public."""

from dataclasses import asdict

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from config.lib.pagination import Keyset
from economy.observatory import queries, serializers
from economy.observatory.models import EconomySnapshot


class StateView(GenericAPIView):
    """GET economy/state"""

    permission_classes = [AllowAny]
    serializer_class = serializers.StateSerializer

    @extend_schema(summary="The economy now", tags=["economy"])
    def get(self, request: Request) -> Response:
        now = queries.state(timezone.now())
        supply = now.ever_created - now.burned - now.paid_out
        return Response(self.get_serializer({**asdict(now), "supply": supply, "jobs": queries.job_times()}).data)


class HistoryView(GenericAPIView):
    """GET economy/history"""

    permission_classes = [AllowAny]
    serializer_class = serializers.SnapshotSerializer
    queryset = EconomySnapshot.objects.all()
    keyset = Keyset("-day")

    @extend_schema(
        summary="Daily figures, newest first",
        tags=["economy"],
        responses=serializers.SnapshotSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)


class BracketsView(GenericAPIView):
    """GET economy/brackets"""

    permission_classes = [AllowAny]
    serializer_class = serializers.BracketSerializer
    pagination_class = None

    @extend_schema(summary="The tax brackets", tags=["economy"], responses=serializers.BracketSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(self.get_serializer(queries.brackets(), many=True).data)
