"""Signing in, in JSON. Codes and numbers must come as text: a number or a list is refused, not turned into one."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, PolymorphicProxySerializer, extend_schema_serializer
from rest_framework import serializers

from accounts.members.serializers import EXAMPLE_ACCOUNT, AccountSerializer
from accounts.signin import rules
from accounts.signin.models import SecondStep
from accounts.signin.tokens import LONGEST
from config.lib.parsing import StrictCharField, StrictSerializer

_ID = "01936d2e-0b1c-7c3a-9d55-3f1b1a6c0a03"
_STEP = "3q2tYw1sJx0vN8m5kR7bZc4fLh6dPg9aUeVoTiXyBnE"
_PAIR = {"access": "eyJhbGciOiJIUzI1NiIs…", "refresh": "eyJhbGciOiJIUzI1NiIs…"}


@extend_schema_serializer(examples=[OpenApiExample("A number", value={"phone": "+447700900123"}, request_only=True)])
class PhoneSerializer(StrictSerializer):
    """The number to send a code to."""

    phone = StrictCharField(max_length=rules.LONGEST_NUMBER, help_text="With the country code, as people write it.")

    def validate_phone(self, typed: str) -> str:
        number = rules.number_of(typed)
        if number is None:
            raise serializers.ValidationError(
                _("This is not a phone number. Write it with + and the country code, such as +44 7700 900123.")
            )
        return number


@extend_schema_serializer(
    examples=[
        OpenApiExample("Sent", value={"verification_id": _ID, "expires_at": "2026-11-21T03:50:00Z"}, response_only=True)
    ]
)
class SentSerializer(serializers.Serializer):
    """A code is on its way. The answer does not tell whether anyone has the number."""

    verification_id = serializers.UUIDField()
    expires_at = serializers.DateTimeField()


class TextUUIDField(serializers.UUIDField):
    """An id as text; numbers are not taken for one."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or len(data) > 36:
            self.fail("invalid", value=str(data)[:40])
        return super().to_internal_value(data)


@extend_schema_serializer(
    examples=[
        OpenApiExample("Sign in", value={"verification_id": _ID, "code": "482913"}, request_only=True),
        OpenApiExample(
            "Join",
            value={"verification_id": _ID, "code": "482913", "username": "ana", "display_name": "Ana Lucia"},
            request_only=True,
        ),
    ]
)
class ProofSerializer(StrictSerializer):
    """The code that came; the two names only count when the number has no account yet."""

    verification_id = TextUUIDField()
    code = StrictCharField(trim_whitespace=False, max_length=6, help_text="Six digits.")
    username = StrictCharField(required=False, allow_null=True, allow_blank=True, max_length=30)
    display_name = StrictCharField(required=False, allow_blank=True, max_length=100)
    invitation = StrictCharField(
        required=False,
        allow_null=True,
        max_length=32,
        help_text="The code of an invitation: the last part of its link. Only counts when the number has no account.",
    )

    def validate_code(self, code: str) -> str:
        if not rules.is_code(code):
            raise serializers.ValidationError(_("The code has exactly six digits."))
        return code


@extend_schema_serializer(examples=[OpenApiExample("A pair", value=_PAIR, response_only=True)])
class TokensSerializer(serializers.Serializer):
    """Access for 15 minutes, refresh once within 14 days."""

    access = serializers.CharField()
    refresh = serializers.CharField()


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Joined", value={"account": EXAMPLE_ACCOUNT, "tokens": _PAIR, "created": True}, response_only=True
        )
    ]
)
class SignedInSerializer(serializers.Serializer):
    """Signed in."""

    account = AccountSerializer()
    tokens = TokensSerializer()
    created = serializers.BooleanField(help_text="Whether the account was made just now.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A second factor",
            value={"second_factor": _STEP, "needs": "FACTOR", "expires_at": "2026-11-21T03:50:00Z"},
            response_only=True,
        )
    ]
)
class SecondStepSerializer(serializers.Serializer):
    """Nobody is signed in yet: something more is to be proved."""

    second_factor = serializers.CharField(source="token", help_text="For `auth/second-factor`; tell it to nobody.")
    needs = serializers.ChoiceField(choices=SecondStep.Needs.choices)
    expires_at = serializers.DateTimeField()


ENTERED = PolymorphicProxySerializer(
    component_name="Entered", serializers=[SignedInSerializer, SecondStepSerializer], resource_type_field_name=None
)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Sign in", value={"email": "ana@example.org", "password": "eleven quiet herons"}, request_only=True
        )
    ]
)
class EmailAndPasswordSerializer(StrictSerializer):
    """A confirmed address and its password."""

    email = StrictCharField(max_length=254)
    password = StrictCharField(max_length=128, trim_whitespace=False)


@extend_schema_serializer(
    examples=[OpenApiExample("A code", value={"token": _STEP, "code": "482913"}, request_only=True)]
)
class SecondProofSerializer(StrictSerializer):
    """The token of the step, and the answer."""

    token = StrictCharField(max_length=64)
    code = StrictCharField(max_length=128, trim_whitespace=False)


@extend_schema_serializer(
    examples=[OpenApiExample("A refresh token", value={"refresh": _PAIR["refresh"]}, request_only=True)]
)
class RefreshSerializer(StrictSerializer):
    """A refresh token."""

    refresh = StrictCharField(max_length=LONGEST)
