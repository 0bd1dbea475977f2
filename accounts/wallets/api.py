"""Addresses on other networks, in the API."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.members.queries import member_of
from accounts.wallets import operations, serializers
from accounts.wallets.models import WalletAddress


class MyAddressesView(ListAPIView):
    """GET POST me/addresses"""

    permission_classes = [IsAuthenticated]
    serializer_class = serializers.AddressSerializer
    queryset = WalletAddress.objects.none()

    @extend_schema(operation_id="me_addresses", summary="My blockchain addresses", tags=["wallets"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="me_addresses_ask",
        summary="Ask for a text to sign",
        description=(
            "`words` are to be signed by the address's key, exactly as they stand (EIP-191, `personal_sign`), within "
            "ten minutes. 422 `bad-address`, `too-many-addresses`; 409 `address-taken` when it is yours already."
        ),
        tags=["wallets"],
        request=serializers.AskSerializer,
        responses={201: serializers.ChallengeSerializer},
    )
    def post(self, request: Request) -> Response:
        asked = serializers.AskSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        challenge = operations.ask_for_signature(
            member=member_of(request),
            site=request.get_host(),
            uri=request.build_absolute_uri(reverse("accounts:my_addresses")),
            at=timezone.now(),
            **asked.validated_data,
        )
        return Response(serializers.ChallengeSerializer(challenge).data, status=201)

    def get_queryset(self) -> QuerySet[WalletAddress]:
        return WalletAddress.objects.filter(user=member_of(self.request))


class AddressProofView(GenericAPIView):
    """POST me/addresses/{challenge}/proof"""

    permission_classes = [IsAuthenticated]
    serializer_class = serializers.SignatureSerializer
    pagination_class = None

    @extend_schema(
        operation_id="me_addresses_prove",
        summary="Prove an address",
        description=(
            "422 `bad-signature` (not one at all; the text stays good), `wrong-signature` and `text-expired` (ask for "
            "another text), 409 `address-taken` when somebody else has proved it."
        ),
        tags=["wallets"],
        request=serializers.SignatureSerializer,
        responses={201: serializers.AddressSerializer},
    )
    def post(self, request: Request, challenge_id: UUID) -> Response:
        given = serializers.SignatureSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        address = operations.prove_address(
            member=member_of(request), challenge_id=challenge_id, at=timezone.now(), **given.validated_data
        )
        return Response(serializers.AddressSerializer(address).data, status=201)


class AddressView(GenericAPIView):
    """DELETE me/addresses/{id}"""

    permission_classes = [IsAuthenticated]
    serializer_class = serializers.AddressSerializer
    pagination_class = None

    @extend_schema(
        operation_id="me_addresses_remove",
        summary="Remove an address",
        tags=["wallets"],
        request=None,
        responses={204: OpenApiResponse(description="Removed; another one on its network is the primary one now.")},
    )
    def delete(self, request: Request, address_id: UUID) -> Response:
        operations.remove_address(member=member_of(request), address_id=address_id, at=timezone.now())
        return Response(status=204)


class PrimaryAddressView(GenericAPIView):
    """PUT me/addresses/{id}/primary"""

    permission_classes = [IsAuthenticated]
    serializer_class = serializers.AddressSerializer
    pagination_class = None

    @extend_schema(
        operation_id="me_addresses_primary",
        summary="Make an address the primary one on its network",
        tags=["wallets"],
        request=None,
        responses={204: OpenApiResponse(description="It is.")},
    )
    def put(self, request: Request, address_id: UUID) -> Response:
        operations.make_primary_address(member=member_of(request), address_id=address_id, at=timezone.now())
        return Response(status=204)
