"""The economy in the API; public."""

from dataclasses import asdict

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from config.lib.pagination import Keyset
from economy.observatory import queries, runs, serializers
from economy.observatory.models import EconomySnapshot


class StateView(GenericAPIView):
    """GET economy/state"""

    permission_classes = [AllowAny]
    serializer_class = serializers.StateSerializer

    @extend_schema(summary="The economy now", tags=["economy"])
    def get(self, request: Request) -> Response:
        now, as_of = queries.latest_state(timezone.now())
        supply = now.ever_created - now.burned - now.paid_out
        told = {**asdict(now), "supply": supply, "as_of": as_of, "jobs": queries.job_times()}
        return Response(self.get_serializer(told).data)


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


class LeaderboardView(GenericAPIView):
    """GET economy/leaderboard"""

    permission_classes = [AllowAny]
    serializer_class = serializers.LeaderboardSerializer
    pagination_class = None

    @extend_schema(
        summary="Largest wallets, or who earned most this week",
        description=(
            "Members who prefer not to stand in tables are left out at once; amounts are looked at every five minutes. "
            "Earned is what others gave for something since Monday (settled tips, paid comments, rewards, sales)."
        ),
        tags=["economy"],
        parameters=[serializers.LeaderboardQuery],
    )
    def get(self, request: Request) -> Response:
        asked = serializers.LeaderboardQuery(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        name = asked.validated_data["board"]
        board = queries.leaders(name.upper(), most=asked.validated_data["page_size"])
        return Response(self.get_serializer({"board": name, "as_of": board.as_of, "results": board.places}).data)


class WeekView(GenericAPIView):
    """GET economy/runs/{period}"""

    permission_classes = [AllowAny]
    serializer_class = serializers.WeekSerializer
    pagination_class = None

    @extend_schema(
        summary="Tax and stipend of one week",
        description="Totals, members by bracket, budget, scale factor and what the stipends are made of.",
        tags=["economy"],
    )
    def get(self, request: Request, period: str) -> Response:
        return Response(self.get_serializer(runs.week_of(period)).data)


class BracketsView(GenericAPIView):
    """GET economy/brackets"""

    permission_classes = [AllowAny]
    serializer_class = serializers.BracketSerializer
    pagination_class = None

    @extend_schema(summary="The tax brackets", tags=["economy"], responses=serializers.BracketSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(self.get_serializer(queries.brackets(), many=True).data)
