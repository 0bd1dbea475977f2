"""Idempotency-Key for commands that move coins (the IETF draft): the first answer is kept 24 h and given again.

The answer is written in the transaction of the command itself, so a command whose answer was lost on the way is found
under its key, and a command that never committed leaves no answer behind. Two at once: the second is told 409.
"""

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from config.lib.answers import LONGEST_KEY, IdempotentAnswer
from config.lib.problems import MEDIA_TYPE, of_refusal
from config.lib.refusals import KeyReused, Refused
from config.lib.retries import tried_again

KEPT_FOR = timedelta(hours=24)


class KeyInProgress(Refused):
    """The first command under this key has not finished."""

    slug = "idempotency-key-in-progress"
    status = 409
    title = _("Still at it")
    sentence = _("The first request with this Idempotency-Key is still running. Ask again in a moment.")
    retry_after = 1


class BadKey(Refused):
    """The key itself cannot be used."""

    slug = "malformed"
    status = 400
    sentence = _("An Idempotency-Key is a text of 1 to 255 printable ASCII characters.")


def given_key(request: Request) -> str | None:
    """The request's Idempotency-Key, or None. May refuse with BadKey."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise BadKey()
    return key


def lasting_key(kind: str, request: Request) -> str | None:
    """The request's key as it is kept for good beside what it made, apart from keys of other kinds of commands.

    As long as a kept key may be: the longest ones are kept as their digest.
    """
    key = given_key(request)
    if key is None:
        return None
    key = f"{kind}:{key}"
    return key if len(key) <= LONGEST_KEY else f"{kind}:sha256:{hashlib.sha256(key.encode()).hexdigest()}"


class IdempotentMixin:
    """For API views whose POST moves coins: `answer_once` around the command.

    def post(self, request): return self.answer_once(request, lambda: Response(..., status=201))
    """

    @tried_again
    def answer_once(self, request: Request, command: Any) -> Response:
        """Run the command, or give its first answer again. Refusals (409, 422) are kept too; Busy is tried again."""
        key = given_key(request)
        if key is None:
            return command()
        member_id: Any = request.user.pk
        fingerprint = _fingerprint(request)
        with transaction.atomic():
            if not _is_alone(f"{member_id}:{key}"):
                raise KeyInProgress()
            known = IdempotentAnswer.objects.filter(member_id=member_id, key=key).first()
            if known is not None and known.created_at > timezone.now() - KEPT_FOR:
                return _again(known, fingerprint)
            if known is not None:
                known.delete()
            try:
                with transaction.atomic():
                    response = command()
            except Refused as refusal:
                if refusal.status not in (409, 422):
                    raise
                response = Response(of_refusal(refusal), status=refusal.status, content_type=MEDIA_TYPE)
            IdempotentAnswer.objects.create(
                member_id=member_id,
                key=key,
                fingerprint=fingerprint,
                status=response.status_code,
                body=json.loads(json.dumps(response.data, default=str)),
            )
        return response


def forget_old() -> int:
    """Delete answers older than 24 h; how many."""
    deleted, _per_model = IdempotentAnswer.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return deleted


def _fingerprint(request: Request) -> str:
    body = json.dumps(request.data, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{request.method} {request.path}\n{body}".encode()).hexdigest()


def _is_alone(name: str) -> bool:
    """Whether this transaction is the only one under a name; the lock goes with the transaction."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])


def _again(known: IdempotentAnswer, fingerprint: str) -> Response:
    if known.fingerprint != fingerprint:
        raise KeyReused()
    kind = MEDIA_TYPE if known.status >= 400 else None
    return Response(known.body, status=known.status, headers={"Idempotent-Replayed": "true"}, content_type=kind)
