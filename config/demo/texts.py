"""What the demo's people say: posts with their conversations, read from `texts/*.toml`.

A line of `comments` is one comment. `>` answers the comment above it, `>>` the answer above it, and so on. After that a
mark says who speaks: `*` the post's author, `=` whoever wrote what is answered, `+` somebody new. Without a mark the
first answer comes from somebody new, and the next one from the person whom that one had answered.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "texts"
_LINE = re.compile(r"(>*)\s*([*=+](?=\s))?\s*(.+)")


@dataclass(frozen=True)
class Remark:
    """One comment: the index of the remark that it answers, and who speaks (`*`, `=`, `+` or nothing)."""

    content: str
    answers: int | None
    speaker: str


@dataclass(frozen=True)
class Text:
    """One post and what is said under it."""

    topic: str
    language: str  # of whoever writes it; empty for anyone
    title: str
    content: str
    remarks: tuple[Remark, ...]


@cache
def texts() -> tuple[Text, ...]:
    """All posts of the demo, in the order of their files."""
    return tuple(
        Text(
            path.stem,
            post.get("language", ""),
            post.get("title", ""),
            _with_hashtag(post["text"].strip(), place, path.stem),
            _remarks(post.get("comments", "")),
        )
        for path in sorted(_FOLDER.glob("*.toml"))
        for place, post in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["post"])
    )


def _with_hashtag(words: str, place: int, topic: str) -> str:
    """The words, every second time with their topic below them; what is short is so for a reason."""
    return words if place % 2 or topic == "short" else f"{words}\n\n#{topic}"


def topics() -> list[str]:
    return sorted({text.topic for text in texts()})


def found(text: Text, beginnings: Iterable[str]) -> str | None:
    """Which of these is how a text's title, or its words without one, begin."""
    words = text.title or text.content
    return next((beginning for beginning in beginnings if words.startswith(beginning)), None)


def _remarks(lines: str) -> tuple[Remark, ...]:
    remarks: list[Remark] = []
    newest_at: dict[int, int] = {}  # depth → the newest remark there
    for line in filter(None, (line.strip() for line in lines.splitlines())):
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"not a remark: {line!r}")
        arrows, speaker, content = match.groups()
        depth = len(arrows)
        newest_at[depth] = len(remarks)
        remarks.append(Remark(content, newest_at[depth - 1] if depth else None, speaker or ""))
    return tuple(remarks)
