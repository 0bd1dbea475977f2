"""Signing in for programs: a code for a number, tokens for a code, new tokens for old ones."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.badges.operations import note_activity
from accounts.members import queries as members
from accounts.members.serializers import account
from accounts.signin import operations, serializers
from accounts.signin.authentication import CHALLENGE
from config.lib.addresses import address_of


class _OpenDoor(GenericAPIView):
    """For those who are not signed in yet. Looks at no cookie and no header, so no stale token is in the way."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        if response.status_code == 401:
            response.headers.setdefault("WWW-Authenticate", CHALLENGE)
        return super().finalize_response(request, response, *args, **kwargs)

    def given(self, request: Request) -> dict[str, Any]:
        """The request's fields, or 400."""
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        return form.validated_data

    def entered(self, request: Request, result: operations.SignedIn | operations.Step, *, at: datetime) -> Response:
        """The session that a proof has opened, or what is still to be proved."""
        if isinstance(result, operations.Step):
            return Response(serializers.SecondStepSerializer(result).data)
        tokens = operations.begin_family(
            member=result.member,
            address=address_of(request),
            user_agent=request.headers.get("User-Agent", ""),
            at=at,
        )
        note_activity(member=result.member, at=at)
        return Response(
            {
                "account": account(members.account_of(result.member)),
                "tokens": serializers.TokensSerializer(tokens).data,
                "created": result.is_new,
            }
        )


class SendCodeView(_OpenDoor):
    """POST auth/send-code"""

    serializer_class = serializers.PhoneSerializer

    @extend_schema(
        summary="Send a code",
        description="Sends a code of six digits by SMS. The same answer whether or not the number is known.",
        tags=["sign-in"],
        responses={201: serializers.SentSerializer},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        number = self.given(request)["phone"]
        sent = operations.send_code(phone_number=number, address=address_of(request), at=timezone.now())
        return Response(serializers.SentSerializer(sent).data, status=201)


class VerifyCodeView(_OpenDoor):
    """POST auth/verify-code"""

    serializer_class = serializers.ProofSerializer

    @extend_schema(
        summary="Sign in with the code",
        description=(
            "`wrong-code` (422) says how many attempts are left; `code-expired` (422) asks for a new code. "
            "`username-taken` and `bad-username` (422) leave the code good, so that another name can be tried. "
            "`account-shut` (403): the number was proved, but its account is closed or banned. With a second factor, "
            "after a long silence, or when the account was closed, the answer is a `second_factor` token for "
            "`auth/second-factor` in place of a session."
        ),
        tags=["sign-in"],
        responses={200: serializers.ENTERED},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        now = timezone.now()
        return self.entered(
            request, operations.prove_number(address=address_of(request), at=now, **self.given(request)), at=now
        )


class PasswordView(_OpenDoor):
    """POST auth/password"""

    serializer_class = serializers.EmailAndPasswordSerializer

    @extend_schema(
        summary="Sign in with e-mail and password",
        description=(
            "Only with a confirmed address. `wrong-password` (422) does not say which of the two is wrong. "
            "Answers as `auth/verify-code` does."
        ),
        tags=["sign-in"],
        responses={200: serializers.ENTERED},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        now = timezone.now()
        return self.entered(
            request, operations.enter_by_password(address=address_of(request), at=now, **self.given(request)), at=now
        )


class SecondFactorView(_OpenDoor):
    """POST auth/second-factor"""

    serializer_class = serializers.SecondProofSerializer

    @extend_schema(
        summary="Give the second proof",
        description=(
            "Takes the token that `auth/verify-code` or `auth/password` gave in place of a session, and as `code` what "
            "its `needs` asks for: FACTOR, a code of the authenticator or a recovery code; EMAIL, the code sent to the "
            "confirmed address; PASSWORD, the password; USERNAME, a username of the account; RETURN, the word RETURN: "
            "the closed account is to be opened again. May answer with one more step. `wrong-second-proof` (422) says "
            "how many attempts are left; `second-step-over` (422): begin again."
        ),
        tags=["sign-in"],
        responses={200: serializers.ENTERED},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        now = timezone.now()
        return self.entered(request, operations.finish(at=now, **self.given(request)), at=now)


class RefreshView(_OpenDoor):
    """POST auth/refresh"""

    serializer_class = serializers.RefreshSerializer

    @extend_schema(
        summary="New tokens for old",
        description="A refresh token works once. Using it again ends its session, because it must have been copied.",
        tags=["sign-in"],
        responses={200: serializers.TokensSerializer},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        pair = operations.refresh(token=self.given(request)["refresh"], at=timezone.now())
        return Response(serializers.TokensSerializer(pair).data)


class LogoutView(_OpenDoor):
    """POST auth/logout"""

    serializer_class = serializers.RefreshSerializer

    @extend_schema(
        summary="Sign out",
        description="Ends the session of the refresh token; its access tokens stop at once. Twice is no error.",
        tags=["sign-in"],
        responses={204: OpenApiResponse(description="Signed out.")},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        operations.end_family(token=self.given(request)["refresh"], at=timezone.now())
        return Response(status=204)
