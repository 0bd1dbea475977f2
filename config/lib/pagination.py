"""Pages of a list by key, not by number: a page costs the same at row 20 and at row 2,000,000, and nothing is shown
twice when rows are added above (keyset pagination; the row comparison of SQL:1992 written out per direction).

`Keyset` slices any QuerySet; `NewestFirst` speaks it as a DRF paginator; server-rendered lists call `keyset_page`.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zlib import crc32

from django.core.exceptions import FieldDoesNotExist
from django.core.exceptions import ValidationError as InvalidValue
from django.db.models import DecimalField, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

DEFAULT_SIZE = 20
LARGEST_SIZE = 100
_DIGITS = 60


class BadCursor(ValueError):
    """The cursor is not one of ours."""


@dataclass(frozen=True)
class Slice:
    """One page of rows, with the cursors of its neighbours (None at the ends)."""

    rows: list[Any]
    next: str | None
    previous: str | None


@dataclass(frozen=True)
class Gathered:
    """Rows that come from many lists (the posts of all pages that one follows), of which a page needs a page of each.

    `gather` gets a function that makes of any rows of the model those that this page may need, in its order.
    """

    model: type[Model]
    gather: Callable[[Callable[[QuerySet[Any]], QuerySet[Any]]], QuerySet[Any]]


class Keyset:
    """An order by one or more columns, the last of them unique ("-id"); "-" means descending.

    `like` names, for what is computed (a sum of coins), the column whose values are of the same kind.
    """

    def __init__(self, *order: str, like: Mapping[str, str] | None = None) -> None:
        self.order = order
        self.like = like or {}
        self.names = [name.lstrip("-") for name in order]
        # In every cursor, or that of another list of equal columns would be read as one of this.
        self.mark = crc32(" ".join(order).encode()) % 10_000

    def slice(self, rows: "QuerySet[Any] | Gathered", *, cursor: str = "", size: int = DEFAULT_SIZE) -> Slice:
        """The page behind (or, for a cursor made for it, before) a position. May refuse with BadCursor."""
        backwards, position = self._read(cursor, rows.model) if cursor else (False, None)

        def narrow(some: QuerySet[Any]) -> QuerySet[Any]:
            ordered = some.order_by(*(self._flipped() if backwards else self.order))
            if position is not None:
                ordered = ordered.filter(self._beyond(position, backwards=backwards))
            return ordered[: size + 1]

        found = list(narrow(rows) if isinstance(rows, QuerySet) else narrow(rows.gather(narrow)))
        more = len(found) > size
        found = found[:size]
        if backwards:
            found.reverse()
        has_next = bool(found) and (backwards or more)
        has_previous = bool(found) and ((position is not None and not backwards) or (backwards and more))
        return Slice(
            rows=found,
            next=self._write(found[-1], backwards=False) if has_next else None,
            previous=self._write(found[0], backwards=True) if has_previous else None,
        )

    def after(self, row: Any) -> str:
        """The cursor of the page behind a row."""
        return self._write(row, backwards=False)

    def _flipped(self) -> list[str]:
        return [name[1:] if name.startswith("-") else f"-{name}" for name in self.order]

    def _beyond(self, position: Sequence[Any], *, backwards: bool) -> Q:
        """(a, b) after (x, y): a beyond x, or a = x and b beyond y; each column in its own direction."""
        beyond = Q()
        for depth in range(len(self.order)):
            step = Q(**{self.names[i]: position[i] for i in range(depth)})
            descending = self.order[depth].startswith("-") != backwards
            step &= Q(**{f"{self.names[depth]}__{'lt' if descending else 'gt'}": position[depth]})
            beyond |= step
        # Said once more for the index, which otherwise would be read from its beginning.
        descending = self.order[0].startswith("-") != backwards
        return beyond & Q(**{f"{self.names[0]}__{'lte' if descending else 'gte'}": position[0]})

    def _write(self, row: Any, *, backwards: bool) -> str:
        position = [str(getattr(row, name)) for name in self.names]
        packed = json.dumps([int(backwards), self.mark, *position], separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    def _read(self, cursor: str, model: type[Model]) -> tuple[bool, list[Any]]:
        try:
            packed = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
            direction, mark, *position = json.loads(packed)
            if direction not in (0, 1) or mark != self.mark or len(position) != len(self.names) or len(cursor) > 500:
                raise BadCursor
            fields: list[Any] = [model._meta.get_field(self.like.get(name, name)) for name in self.names]
            values = [field.to_python(value) for field, value in zip(fields, position, strict=True)]
            if any(value is None or not isinstance(text, str) for value, text in zip(values, position, strict=True)):
                raise BadCursor
            for field, value in zip(fields, values, strict=True):
                if isinstance(field, DecimalField):
                    _must_be_writable(value)
        except (
            UnicodeEncodeError,
            binascii.Error,
            ValueError,
            TypeError,
            InvalidValue,
            FieldDoesNotExist,
            RecursionError,
        ) as error:
            raise BadCursor from error
        return bool(direction), values


def _must_be_writable(value: Decimal) -> None:
    """Of the numbers that a column may be compared with, those that the database can read. Sums have more digits than
    what they are sums of, so the column's own limits are not asked."""
    if not value.is_finite() or not -_DIGITS <= value.adjusted() <= _DIGITS or len(value.as_tuple().digits) > _DIGITS:
        raise BadCursor


def keyset_page(request: HttpRequest, rows: QuerySet[Any] | Gathered, *order: str, size: int = DEFAULT_SIZE) -> Slice:
    """The slice that a page's `?cursor=` asks for; a cursor that is not ours shows the first page."""
    try:
        return Keyset(*order).slice(rows, cursor=request.GET.get("cursor", ""), size=size)
    except BadCursor:
        return Keyset(*order).slice(rows, size=size)


class NewestFirst(BasePagination):
    """The API's lists: `{"next", "previous", "results"}`, `page_size` 1–100 (20), `cursor`. A view may set `keyset`."""

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        keyset = getattr(view, "keyset", None) or Keyset("-id")
        self.url = request.build_absolute_uri()
        try:
            self.page = keyset.slice(queryset, cursor=request.query_params.get("cursor", ""), size=self._size(request))
        except BadCursor:
            raise ValidationError({"cursor": [_("This cursor is not one that we gave out.")]})
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {"next": self._link(self.page.next), "previous": self._link(self.page.previous), "results": data}
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri", "example": None}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}},
            {
                "name": "page_size",
                "in": "query",
                "required": False,
                "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST_SIZE, "default": DEFAULT_SIZE},
            },
        ]

    def _link(self, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        return replace_query_param(remove_query_param(self.url, "cursor"), "cursor", cursor)

    @staticmethod
    def _size(request: Any) -> int:
        given = request.query_params.get("page_size", str(DEFAULT_SIZE))
        if not (given.isascii() and given.isdecimal() and len(given) <= 3 and 1 <= int(given) <= LARGEST_SIZE):
            raise ValidationError(
                {"page_size": [_("Write a whole number from 1 to %(most)d.") % {"most": LARGEST_SIZE}]}
            )
        return int(given)
