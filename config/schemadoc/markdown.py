"""Tables of Markdown."""

from collections.abc import Iterable, Iterator, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table, or the one word None when there is nothing to show."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    if not lines:
        yield "None"
        return
    yield f"| {' | '.join(heads)} |"
    yield f"|{'|'.join('-' * (len(head) + 2) for head in heads)}|"
    yield from lines


def cell(text: str) -> str:
    """Text in one cell: one line, and no bar that would end it."""
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str | None) -> str:
    """Code in one cell."""
    return f"`{cell(text)}`" if text else "-"


def anchor(heading: str) -> str:
    """The address that a heading gets."""
    return heading.lower().replace(" ", "-")
