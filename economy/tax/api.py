"""A member's taxes in the API."""

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
from economy.tax import queries, serializers
from economy.tax.models import TaxCollection


class TaxesView(GenericAPIView):
    """GET me/taxes"""

    permission_classes = [IsAuthenticated]
    serializer_class = serializers.CollectionSerializer
    keyset = queries.HISTORY
    queryset = TaxCollection.objects.none()

    @extend_schema(
        operation_id="me_taxes",
        summary="My taxes",
        description="What every week took, newest first, and what the next run would take as things stand.",
        tags=["wallet"],
        parameters=[
            OpenApiParameter("cursor", OpenApiTypes.STR),
            OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": LARGEST_SIZE, "default": 20}),
        ],
        responses=serializers.TaxesSerializer,
    )
    def get(self, request: Request) -> Response:
        mine = wallet_of(member_of(request))
        rows = self.paginate_queryset(queries.collections_of(mine))
        response = self.get_paginated_response(self.get_serializer(rows, many=True).data)
        forecast = queries.outlook(mine.pk, at=timezone.now())
        response.data = {
            "forecast": serializers.TaxOutlookSerializer(forecast).data,
            "total": str(mine.total_tax_paid),
            **response.data,
        }
        return response
