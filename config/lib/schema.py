"""OpenAPI 3.1 of the API: what every endpoint shares is written once, here."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

from config.lib.idempotency import IdempotentMixin

_PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string", "description": "Stable slug of the error, such as `insufficient-funds`."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {
                    "field": {"type": ["string", "null"]},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}

_WHEN = {
    "400": "The request cannot be read, or a field cannot be used.",
    "401": "Not signed in, or the token is no longer good.",
    "403": "Not allowed.",
    "404": "Nothing there, or not for the caller to know.",
    "409": "Conflict with the present state.",
    "412": "Changed since the version in If-Match.",
    "413": "The body is larger than 1 MiB.",
    "415": "The body is not JSON.",
    "422": "Refused by a rule; `type` says which.",
    "429": "Too many requests; Retry-After says when there is room. Every answer's RateLimit header says what is left.",
    "503": "Busy; nothing was done, try again.",
}


class CivitasSchema(AutoSchema):
    """Adds the headers that a view takes because of what it is."""

    def get_override_parameters(self) -> list[Any]:
        from drf_spectacular.types import OpenApiTypes
        from drf_spectacular.utils import OpenApiParameter

        parameters = list(super().get_override_parameters())
        if isinstance(self.view, IdempotentMixin) and self.method == "POST":
            parameters.append(
                OpenApiParameter(
                    "Idempotency-Key",
                    OpenApiTypes.STR,
                    OpenApiParameter.HEADER,
                    description="Any text of 1 to 255 printable characters; the first answer is given again for 24 h.",
                )
            )
        return parameters


def document_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Every operation may answer with a problem: one component, referred to by each error status."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _PROBLEM
    for operations in result.get("paths", {}).values():
        for operation in operations.values():
            if not isinstance(operation, dict):
                continue
            for status, description in _WHEN.items():
                operation.setdefault("responses", {}).setdefault(
                    status,
                    {
                        "description": description,
                        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
                    },
                )
    return result
