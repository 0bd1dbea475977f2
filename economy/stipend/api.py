"""A member's stipends in the API."""

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.members.queries import member_of
from config.lib.pagination import LARGEST_SIZE
from economy.ledger.queries import wallet_of
from economy.stipend import queries, serializers
from economy.stipend.models import StipendDistribution


class StipendsView(GenericAPIView):
    """GET me/stipends"""

    permission_classes = [IsAuthenticated]
    serializer_class = serializers.DistributionSerializer
    keyset = queries.HISTORY
    queryset = StipendDistribution.objects.none()

    @extend_schema(
        operation_id="me_stipends",
        summary="My stipends",
        description="What every week brought, newest first, and what one would want of the next run as things stand.",
        tags=["wallet"],
        parameters=[
            OpenApiParameter("cursor", OpenApiTypes.STR),
            OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": LARGEST_SIZE, "default": 20}),
        ],
        responses=serializers.StipendsSerializer,
    )
    def get(self, request: Request) -> Response:
        member = member_of(request)
        mine = wallet_of(member)
        rows = self.paginate_queryset(queries.distributions_of(mine))
        response = self.get_paginated_response(self.get_serializer(rows, many=True).data)
        forecast = queries.outlook(member, at=timezone.now())
        response.data = {
            "forecast": serializers.StipendOutlookSerializer(forecast).data,
            "total": str(mine.total_stipend_received),
            **response.data,
        }
        return response
