"""Pure rules of signals: which kinds keep withdrawals waiting."""

import re

KINDS = ("RING", "ADDRESS", "EARNINGS", "AWAY")


def kinds_in(text: str) -> list[str]:
    """The kinds that a setting names, in any spelling and order: "ring, Away" → RING, AWAY. Others are left out."""
    named = {word.upper() for word in re.split(r"[\s,;]+", text) if word}
    return [kind for kind in KINDS if kind in named]
