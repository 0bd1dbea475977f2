"""Applying in JSON, where one joins by application."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.invitations.rules import LONGEST_WORDS
from accounts.signin import operations
from accounts.signin.serializers import ProofSerializer
from config.lib.addresses import address_of
from config.lib.parsing import StrictCharField

_ID = "01936d2e-0b1c-7c3a-9d55-3f1b1a6c0a03"


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Apply",
            value={
                "verification_id": _ID,
                "code": "482913",
                "words": "I bake, and I like to share.",
                "username": "ana",
            },
            request_only=True,
        )
    ]
)
class ApplicationSerializer(ProofSerializer):
    """The code that came, and a few words for staff; the names are those one would like to have."""

    invitation = None  # type: ignore[assignment]  # who has one needs no application
    words = StrictCharField(max_length=LONGEST_WORDS, help_text="Who you are and what brings you here.")


class WaitingSerializer(serializers.Serializer):
    """The application waits; the answer comes by message."""

    status = serializers.ChoiceField(choices=["WAITING"])


class ApplyView(GenericAPIView):
    """POST auth/apply"""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    serializer_class = ApplicationSerializer

    @extend_schema(
        summary="Apply to join",
        description=(
            "Where one joins by application, `auth/verify-code` refuses a new number with `application-needed` (403) "
            "and leaves the code good; here it is used up. The answer of staff comes by SMS: after a yes, sign in with "
            "the number. Refused with `application-declined` (403), `nothing-to-apply-for` (422), `bad-username` "
            "(422), and for the code as `auth/verify-code` does."
        ),
        tags=["sign-in"],
        responses={202: WaitingSerializer},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        operations.apply_by_code(address=address_of(request), at=timezone.now(), **form.validated_data)
        return Response({"status": "WAITING"}, status=202)
