"""Where a withdrawal can be paid to: the fields of each method, and whether what was written there can be right."""

import re
from collections.abc import Callable, Mapping

from economy.withdrawals.rules import addresses

GIFT_CARDS = ("AMAZON", "APPLE", "GOOGLE_PLAY", "STEAM", "VISA")
ADDRESS_NETWORKS = (*addresses.EVM_NETWORKS, addresses.BITCOIN)

# BIC: ISO 9362. Control characters and line breaks have no place in a name.
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", re.ASCII)
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
_NAME = re.compile(r"[^\x00-\x1f\x7f<>]{2,70}")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII)
# How long an IBAN is where coins are most likely to go (the registry of ISO 13616); elsewhere its check digits must do.
_IBAN_LENGTHS = {
    "AD": 24,
    "AT": 20,
    "BE": 16,
    "BG": 22,
    "CH": 21,
    "CY": 28,
    "CZ": 24,
    "DE": 22,
    "DK": 18,
    "EE": 20,
    "ES": 24,
    "FI": 18,
    "FR": 27,
    "GB": 22,
    "GI": 23,
    "GR": 27,
    "HR": 21,
    "HU": 28,
    "IE": 22,
    "IS": 26,
    "IT": 27,
    "LI": 21,
    "LT": 20,
    "LU": 20,
    "LV": 21,
    "MC": 27,
    "MT": 31,
    "NL": 18,
    "NO": 15,
    "PL": 28,
    "PT": 25,
    "RO": 24,
    "SE": 24,
    "SI": 19,
    "SK": 24,
    "SM": 27,
    "VA": 22,
}


class BadDetail(ValueError):
    """One field of the details cannot be right."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(field)


def checked_details(method: str, given: Mapping[str, str]) -> dict[str, str]:
    """The details as they are kept: trimmed, in one spelling. May raise BadDetail with the field that is wrong."""
    checks = _FIELDS[method]
    for name in given:
        if name not in checks:
            raise BadDetail(name)
    written = {}
    for name, check in checks.items():
        written[name] = check(given.get(name, "").strip())
        if not written[name] and name not in _MAY_BE_EMPTY:
            raise BadDetail(name)
        if not written[name] and given.get(name, "").strip():
            raise BadDetail(name)
    if method == "CRYPTO":
        written["address"] = addresses.address_on(written["network"], written["address"])
        if not written["address"]:
            raise BadDetail("address")
    return {name: value for name, value in written.items() if value}


def fields_of(method: str) -> tuple[str, ...]:
    """The names of a method's fields, in the order in which people are asked."""
    return tuple(_FIELDS[method])


def shortened(method: str, details: Mapping[str, str]) -> str:
    """Where to, by its ends: "DE89…3000", "an…@example.org"."""
    if method == "BANK":
        iban = details.get("iban", "")
        return f"{iban[:4]}…{iban[-4:]}" if iban else ""
    if method == "CRYPTO":
        address = details.get("address", "")
        return f"{address[:6]}…{address[-4:]}" if address else ""
    name, at, domain = details.get("email", "").partition("@")
    return f"{name[:2]}…{at}{domain}" if at else ""


def iban_in(text: str) -> str:
    """An IBAN without blanks and in capitals; empty when its length or check digits (ISO 7064, mod 97-10) say no."""
    iban = re.sub(r"[ \u00a0-]", "", text).upper()
    if not _IBAN.fullmatch(iban) or len(iban) != _IBAN_LENGTHS.get(iban[:2], len(iban)):
        return ""
    digits = "".join(str(int(character, 36)) for character in iban[4:] + iban[:4])
    return iban if int(digits) % 97 == 1 else ""


def _fits(pattern: re.Pattern[str], *, capitals: bool = False, most: int = 254) -> Callable[[str], str]:
    def check(text: str) -> str:
        text = text.upper() if capitals else text
        return text if len(text) <= most and pattern.fullmatch(text) else ""

    return check


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    return lambda text: text if text in choices else ""


_FIELDS: dict[str, dict[str, Callable[[str], str]]] = {
    "BANK": {"holder": _fits(_NAME), "iban": iban_in, "bic": _fits(_BIC, capitals=True)},
    "PAYPAL": {"email": _fits(_EMAIL)},
    "CRYPTO": {"network": _one_of(ADDRESS_NETWORKS), "address": lambda text: text if len(text) <= 100 else ""},
    "GIFT_CARD": {"card": _one_of(GIFT_CARDS), "email": _fits(_EMAIL)},
}
_MAY_BE_EMPTY = ("bic",)
