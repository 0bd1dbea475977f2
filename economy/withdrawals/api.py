"""Withdrawals in the API."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.members.queries import member_of
from config.lib.idempotency import IdempotentMixin, lasting_key
from economy.ledger.queries import wallet_of
from economy.withdrawals import operations, queries, serializers
from economy.withdrawals.models import WithdrawalRequest


class WithdrawalsView(IdempotentMixin, ListAPIView):
    """GET POST withdrawals"""

    permission_classes = [IsAuthenticated]
    serializer_class = serializers.WithdrawalSerializer
    keyset = queries.WITHDRAWALS
    queryset = WithdrawalRequest.objects.none()

    def get_queryset(self) -> QuerySet[WithdrawalRequest]:
        return queries.withdrawals_of(wallet_of(member_of(self.request)))

    @extend_schema(operation_id="withdrawals", summary="My withdrawals, newest first", tags=["wallet"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="withdrawals_ask",
        summary="Ask for a withdrawal",
        description=(
            "The coins are locked until staff have paid them out; the fee is that of the member's loyalty tier. 422 "
            "`withdrawal-too-small`, `bad-details`, `insufficient-funds`, `coins-held`; 409 `fee-changed` when it is "
            "higher than the `fee` that was sent; 429 `too-many-withdrawals`."
        ),
        tags=["wallet"],
        request=serializers.AskForWithdrawalSerializer,
        responses={201: serializers.WithdrawalSerializer},
    )
    def post(self, request: Request) -> Response:
        asked = serializers.AskForWithdrawalSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return self.answer_once(request, lambda: self._ask(request, **asked.validated_data))

    def _ask(
        self, request: Request, *, amount: Decimal, method: str, details: dict[str, str], fee: Decimal | None = None
    ) -> Response:
        made = operations.ask_for_withdrawal(
            member=member_of(request),
            amount=amount,
            method=method,
            details=details,
            fee_seen=fee,
            key=lasting_key("api", request),
            at=timezone.now(),
        )
        return Response(serializers.WithdrawalSerializer(made).data, status=201)


class WithdrawalView(GenericAPIView):
    """GET DELETE withdrawals/{id}"""

    permission_classes = [IsAuthenticated]
    serializer_class = serializers.WithdrawalSerializer
    pagination_class = None

    @extend_schema(operation_id="withdrawal", summary="One of my withdrawals", tags=["wallet"])
    def get(self, request: Request, request_id: UUID) -> Response:
        return Response(self.get_serializer(queries.own_withdrawal(member_of(request), request_id)).data)

    @extend_schema(
        operation_id="withdrawal_cancel",
        summary="Cancel a withdrawal that waits",
        description="Its coins are free again. 409 `withdrawal-decided` when staff, or you, were quicker.",
        tags=["wallet"],
        responses={204: OpenApiResponse(description="Cancelled.")},
    )
    def delete(self, request: Request, request_id: UUID) -> Response:
        operations.cancel_withdrawal(member=member_of(request), request_id=request_id, at=timezone.now())
        return Response(status=204)
