"""What the API takes in: strict JSON and only known fields, so that a typing error is never silently ignored."""

import json
from datetime import datetime
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ParseError, ValidationError
from rest_framework.parsers import JSONParser

MOST_BYTES = 1024 * 1024
MOST_DEPTH = 20


class StrictJSONParser(JSONParser):
    """One JSON object of at most 1 MiB and depth 20, in UTF-8, no key twice, no NaN, no U+0000."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        declared = (parser_context or {}).get("request")
        length = declared.META.get("CONTENT_LENGTH") if declared is not None else None
        if length and length.isdecimal() and int(length) > MOST_BYTES:
            raise RequestDataTooBig
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise RequestDataTooBig
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            raise ParseError(_("The body is not UTF-8."))
        if _deepest(text) > MOST_DEPTH:
            raise ParseError(_("The body is nested too deeply."))
        if "\x00" in text or "\\u0000" in text:
            raise ParseError(_("The body holds a null character."))
        try:
            data = json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_constant)
            json.dumps(data, ensure_ascii=False).encode("utf-8")  # a lone surrogate is not text
        except (ValueError, RecursionError) as error:
            raise ParseError(_("The body is not valid JSON: %(why)s") % {"why": str(error)[:200]})
        if not isinstance(data, dict):
            raise ParseError(_("The body must be a JSON object."))
        return data


def _deepest(text: str) -> int:
    """How deep brackets nest, strings left out; cheap, and before the recursive parser sees it."""
    depth = deepest = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key[:50]!r} stands twice")
        found[key] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


class StrictSerializer(serializers.Serializer):
    """A serializer that refuses fields it does not know, and read-only ones (400, code `unknown`)."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            known = {name for name, field in self.fields.items() if not field.read_only}
            unknown = [name for name in data if name not in known]
            if unknown:
                raise ValidationError(
                    {
                        str(name)[:100]: [ErrorDetail(_("There is no such field to set."), code="unknown")]
                        for name in unknown
                    }
                )
        return super().to_internal_value(data)


class StrictCharField(serializers.CharField):
    """Text that came as text: numbers and booleans are not turned into strings."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class KeptMoment(serializers.DateTimeField):
    """A moment that a JSON column keeps as text, written as all others are."""

    def to_representation(self, value: Any) -> Any:
        return super().to_representation(datetime.fromisoformat(value) if isinstance(value, str) else value)
