"""What a hashtag is called, however it is written."""

import unicodedata
from collections.abc import Iterable

LONGEST_NAME = 50
MOST_PER_POST = 10


def name_of(word: str) -> str | None:
    """The name of the hashtag that is written so, without #: "Gärtnern" and "GÄRTNERN" are one. None for what is none.

    Case and width do not count (NFKC, casefold), nor what one does not see (category Cf); a fixed point.
    """
    before = None
    while before != word:
        before = word
        word = unicodedata.normalize("NFKC", word).casefold()
        word = "".join(letter for letter in word if unicodedata.category(letter) != "Cf")
    is_name = 0 < len(word) <= LONGEST_NAME and all(_may_stand(letter) for letter in word)
    return word if is_name and any(letter.isalpha() for letter in word) else None


def names_of(words: Iterable[str], *, most: int = MOST_PER_POST) -> dict[str, str]:
    """Names by the words that stand for them, of the first `most` different hashtags; the others are only words."""
    found: dict[str, str] = {}
    for word in words:
        name = name_of(word)
        if name is not None and (name in found.values() or len(set(found.values())) < most):
            found[word] = name
    return found


def _may_stand(letter: str) -> bool:
    return letter == "_" or letter.isalnum() or unicodedata.category(letter) in ("Mn", "Mc")
