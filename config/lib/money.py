"""Coins: `Decimal` with two places, `numeric(18,2)` in the database, strings in the API. Never a float."""

import re
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
MOST = Decimal("9999999999999999.99")  # numeric(18,2)


def down(amount: Decimal) -> Decimal:
    """Rounded down to 0.01: how shares, taxes and stipends are cut."""
    return amount.quantize(CENT, rounding=ROUND_DOWN)


def nearest(amount: Decimal) -> Decimal:
    """Rounded to 0.01, halves up: how a decayed standing is written."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


class CoinsField(models.DecimalField):
    """An amount of coins: `numeric(18,2)`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_digits"] = 18
        kwargs["decimal_places"] = 2
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, args, kwargs


class CoinsFormField(forms.DecimalField):
    """Coins in a form: digits with at most two decimals after a point or a comma, as people type them."""

    default_error_messages = {
        "invalid": _("Write the amount in digits with at most two decimals, such as 3.50."),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01", "autocomplete": "off"})
        super().__init__(**{"max_digits": 18, "decimal_places": 2, "widget": widget, **kwargs})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.strip():
            if not re.fullmatch(r"[0-9]{1,16}([.,][0-9]{1,2})?", value.strip()):
                raise ValidationError(self.error_messages["invalid"], code="invalid")
            value = value.strip().replace(",", ".")
        return super().to_python(value)


class CoinsSerializerField(serializers.DecimalField):
    """Coins in the API: a string such as "12.50" out; in, a string of ASCII digits with at most two decimals.

    Refuses what Python would take but people do not mean: exponents, NaN, infinity, full-width digits, underscores,
    booleans, floats, blanks, signs.
    """

    default_error_messages = {
        "not_an_amount": _('Write the amount as a string of digits with at most two decimals, such as "3.50".'),
    }

    def __init__(self, *, least: Decimal | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 18)
        kwargs.setdefault("decimal_places", 2)
        if least is not None:
            kwargs["min_value"] = least
        super().__init__(coerce_to_string=True, **kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, int) and not isinstance(data, bool):
            data = str(data)
        if not isinstance(data, str) or len(data) > 19 or not data.isascii():
            self.fail("not_an_amount")
        whole, point, cents = data.partition(".")
        if not whole.isdecimal() or (point and not (cents.isdecimal() and len(cents) <= 2)):
            self.fail("not_an_amount")
        return super().to_internal_value(data)
