"""The wallet, its statement and gifts in the API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.members.queries import member_of, page_by_username
from config.lib.etags import tagged, version_in, version_tag
from config.lib.idempotency import IdempotentMixin, lasting_key
from economy.ledger import causes, operations, queries, serializers
from economy.ledger.models import Transfer, TransferKind

_FILTERS = ("kind", "counterparty", "period", "from", "to")


class WalletView(GenericAPIView):
    """GET me/wallet"""

    serializer_class = serializers.WalletSerializer

    @extend_schema(summary="My wallet", tags=["wallet"])
    def get(self, request: Request) -> Response:
        wallet = queries.wallet_of(member_of(request))
        response = Response(self.get_serializer(wallet).data)
        return tagged(request, response, version_tag(wallet.lock_version))


class TransactionsView(GenericAPIView):
    """GET me/transactions"""

    serializer_class = serializers.PostingSerializer
    keyset = queries.STATEMENT
    queryset = queries.NO_LINES

    @extend_schema(
        summary="My statement",
        tags=["wallet"],
        parameters=[
            OpenApiParameter("kind", OpenApiTypes.STR, enum=TransferKind.values),
            OpenApiParameter("counterparty", OpenApiTypes.STR, description="Username on the other side."),
            OpenApiParameter(
                "period", OpenApiTypes.STR, description="A year, a month or an ISO week: 2026, 2026-11, 2026-W47."
            ),
            OpenApiParameter("from", OpenApiTypes.DATETIME, description="Since (included)."),
            OpenApiParameter("to", OpenApiTypes.DATETIME, description="Until (not included)."),
        ],
        responses=serializers.PostingSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        asked = serializers.StatementQuery(
            data={name: request.query_params[name] for name in _FILTERS if name in request.query_params}
        )
        asked.is_valid(raise_exception=True)
        found = asked.validated_data
        mine = queries.wallet_of(member_of(request))
        lines = self.paginate_queryset(
            queries.statement(
                wallet=mine,
                kind=found.get("kind"),
                page=found.get("counterparty"),
                since=found.get("from"),
                until=found.get("to"),
            )
        )
        context = {
            **self.get_serializer_context(),
            "counterparties": queries.counterparties(mine, lines or []),
            "causes": causes.causes_of(lines or []),
        }
        return self.get_paginated_response(serializers.PostingSerializer(lines, many=True, context=context).data)


class TransfersView(IdempotentMixin, GenericAPIView):
    """POST transfers"""

    serializer_class = serializers.GiftSerializer

    @extend_schema(
        summary="Give coins to a member",
        tags=["wallet"],
        responses={201: serializers.GivenSerializer},
        parameters=[
            OpenApiParameter(
                "If-Match",
                OpenApiTypes.STR,
                OpenApiParameter.HEADER,
                description="ETag of me/wallet: refused with 412 when the wallet has changed since.",
            )
        ],
    )
    def post(self, request: Request) -> Response:
        gift = self.get_serializer(data=request.data)
        gift.is_valid(raise_exception=True)
        return self.answer_once(request, lambda: self._give(request, **gift.validated_data))

    def _give(self, request: Request, *, to: str, amount: Any, memo: str) -> Response:
        receiver = page_by_username(to)
        movement = operations.give(
            giver=queries.wallet_of(member_of(request)),
            receiver=queries.wallet_of(receiver.user),
            coins=amount,
            memo=memo,
            key=lasting_key("gift", request),
            channel=Transfer.Channel.API,
            at=timezone.now(),
            expected_version=version_in(request),
        )
        given = {
            "id": movement.transfer_id,
            "to": receiver.username,
            "amount": amount,
            "memo": memo,
            "balance_after": movement.balance_after,
        }
        return Response(serializers.GivenSerializer(given).data, status=201)
