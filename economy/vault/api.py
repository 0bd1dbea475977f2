"""The vault in the API."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.members.queries import member_of
from config.lib.pagination import LARGEST_SIZE
from economy.ledger.queries import wallet_of
from economy.vault import queries, serializers
from economy.vault.models import VaultDeposit


class VaultView(GenericAPIView):
    """GET me/vault"""

    permission_classes = [IsAuthenticated]
    serializer_class = serializers.DepositSerializer
    keyset = queries.DEPOSITS
    queryset = VaultDeposit.objects.none()

    @extend_schema(
        operation_id="me_vault",
        summary="My vault",
        description="A part of what tips and sales bring waits here before it can be spent. Deposits, newest first.",
        tags=["wallet"],
        parameters=[
            OpenApiParameter("cursor", OpenApiTypes.STR),
            OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": LARGEST_SIZE, "default": 20}),
        ],
        responses=serializers.VaultSerializer,
    )
    def get(self, request: Request) -> Response:
        mine = wallet_of(member_of(request))
        deposits = self.paginate_queryset(queries.deposits_of(mine))
        response = self.get_paginated_response(self.get_serializer(deposits, many=True).data)
        found = queries.summary_of(mine)
        response.data = {
            "locked": str(found.total),
            "next_amount": str(found.next_amount),
            "next_unlock_at": found.next_at,
            **response.data,
        }
        return response
