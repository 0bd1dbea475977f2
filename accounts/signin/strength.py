"""Pure rules of passwords: which ones are too easily guessed. NIST SP 800-63B: length and lists, no rules of signs."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from enum import StrEnum

LEAST = 10
MOST = 128  # characters; a longer one only costs time

_FEWEST_SIGNS = 5  # different ones
_SHORTEST_WORD = 4  # that counts as a name
_REST = 6  # signs beside a name that make a password of one's own
_ALIKE = 0.75


class Weakness(StrEnum):
    """What is wrong with a password."""

    SHORT = "short"
    LONG = "long"
    SIMPLE = "simple"
    COMMON = "common"
    LIKE_NAME = "like name"


def weakness_of(password: str, *, words: Iterable[str], common: frozenset[str] | set[str]) -> Weakness | None:
    """The first thing that is wrong with a password, or None.

    `words` are its owner's names, address and number; `common` the passwords that are tried first, in small letters.
    """
    if len(password) < LEAST:
        return Weakness.SHORT
    if len(password) > MOST:
        return Weakness.LONG
    if len(set(password.lower())) < _FEWEST_SIGNS:
        return Weakness.SIMPLE
    if _is_common(password.strip().lower(), common):
        return Weakness.COMMON
    if any(is_like(password, word) for word in words):
        return Weakness.LIKE_NAME
    return None


def _is_common(password: str, common: frozenset[str] | set[str]) -> bool:
    # "password2026!" is "password" with what everybody adds.
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password)
    added = len(password) - len(core)
    return password in common or (core in common and added < _REST)


def is_like(password: str, word: str) -> bool:
    """Whether a password is a word of its owner's, or that with a few signs beside it."""
    folded, name = _folded(password), _folded(word)
    if len(name) < _SHORTEST_WORD or not folded:
        return False
    if name in folded:
        return len(folded) - len(name) < _REST
    return folded in name or SequenceMatcher(a=folded, b=name).ratio() >= _ALIKE


def _folded(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalnum())
