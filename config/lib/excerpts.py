"""Parts of safe HTML: its beginning, well formed, and its text without any markup.

For what `config.lib.markdown` has made; it removes nothing that is dangerous.
"""

from html import escape
from html.parser import HTMLParser

_BREAKS = frozenset({"p", "li", "blockquote", "pre", "br"})
_EMPTY = frozenset({"br"})
_HOLDERS = frozenset({"blockquote", "ul", "ol"})  # what stands in them beside other elements is only the source's own
# What a line takes of an excerpt besides its letters: many short lines make a card as tall as a long text does.
LINE = 40
LONG_WORD = 30


def plain(html: str, most: int | None = None) -> str:
    """The text of some HTML in one line, cut between words after `most` characters."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    text = " ".join("".join(parser.parts).split())
    return text if most is None else cut_text(text, most)


def cut_text(text: str, most: int) -> str:
    """The first `most` characters, cut between words where there are any, with an ellipsis if something is left out."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    space = len(kept) if text[most - 1].isspace() else max(kept.rfind(" "), kept.rfind("\n"))
    # A word so long that hardly anything stood before it is cut in itself.
    is_between = space > 0 and (space >= most // 2 or len(kept) - space <= LONG_WORD)
    return f"{kept[:space].rstrip() if is_between else kept}…"


def cut(html: str, most: int) -> str | None:
    """The beginning of some HTML, about `most` characters of text, every element closed; None if all of it fits."""
    # The text is never longer than its HTML.
    if len(html) + LINE * html.count("<") <= most:
        return None
    parser = _Beginning(most)
    parser.feed(html)
    parser.close()
    return "".join(parser.parts) if parser.is_cut else None


class _Text(HTMLParser):
    """Collects text; where a block or line ends stands a space."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.handle_starttag(tag, [])

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


class _Beginning(HTMLParser):
    """Copies elements and text until the room is used up, then only closes what is open."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.left = most
        self.is_cut = False
        self.open: list[str] = []
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.is_cut:
            return
        if tag in _BREAKS and tag != "blockquote" and self.parts:
            self.left -= LINE
            if self.left < LINE / 2:
                self._end()
                return
        self.parts.append(self.get_starttag_text() or "")
        if tag not in _EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.is_cut:
            self.open.pop()
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self.is_cut or (data.isspace() and (not self.open or self.open[-1] in _HOLDERS)):
            return
        if len(data) <= self.left:
            self.left -= len(data)
            self.parts.append(escape(data, quote=False))
            return
        kept = cut_text(data, max(self.left, 1)).removesuffix("…")
        self.parts.append(escape(kept, quote=False))
        self._end()

    def _end(self) -> None:
        """Put the ellipsis where the last words are, and close everything."""
        self.is_cut = True
        while self.parts and (self.parts[-1] == "<br>" or self._has_just_opened()):
            if self.parts.pop() != "<br>":
                self.open.pop()
        closed = len(self.parts)
        while closed and self.parts[closed - 1].startswith("</"):
            closed -= 1
        self.parts.insert(closed, "…")
        self.parts.extend(f"</{tag}>" for tag in reversed(self.open))

    def _has_just_opened(self) -> bool:
        return bool(self.open) and self.parts[-1].startswith(f"<{self.open[-1]}")
