"""Members' words as HTML: a small Markdown that cannot do harm.

Paragraphs, kept line breaks, bold, italic, struck through, code, quotes, lists and links; @names and #hashtags where
the caller knows them. No pictures, no HTML, no tables; a heading is a line in bold, so that the outline of the page it
stands on remains the page's own. It is rendered when words are saved (the column `html` beside `content`); `written`
is how they are read. What the parser makes goes through a second, independent sieve: what neither knows is not there.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Protocol
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from config.lib.excerpts import plain

# What search engines and the other page are told of a link that a member has set.
REL = "nofollow noopener ugc"
LONGEST_LABEL = 60

_BLOCKS = ("p", "blockquote", "ul", "ol")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ATTRIBUTES = {"a": {"href", "class"}, "ol": {"dir", "start"}, "pre": {"dir"}}
_SIEVE = nh3.Cleaner(
    tags={*_BLOCKS, "li", "br", "strong", "em", "s", "code", "pre", "a"},
    attributes={tag: {"dir"} for tag in _BLOCKS} | _ATTRIBUTES,
    attribute_filter=lambda tag, name, value: _kept(tag, name, value),
    url_schemes={"http", "https", "mailto"},
    link_rel=REL,
)
_VALUES = {"dir": re.compile("auto|ltr"), "start": re.compile("[0-9]{1,9}"), "class": re.compile("mention|hashtag")}

_NAME = re.compile(r"@([A-Za-z0-9_]{3,30})(?![\w@]|\.[a-z])")
_ADDRESS = re.compile(r"https?://[^\s/\\]|mailto:[^\s/\\]|/(?![/\\])", re.IGNORECASE)
_LOOKS_LIKE_HOST = re.compile(
    r"\s*(?:https?:/*)?(?:[^\s/@]*@)?((?:[\w-]+\.)+[^\W\d_]{2,})\.?(?=[/:?#]|\s*$)", re.IGNORECASE
)
_BREAKS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


class Written(Protocol):
    """A row of words: what its writer typed, and that as HTML once it has been rendered."""

    content: str
    html: str


def written(row: Written) -> str:
    """The words of a row as safe HTML: as they were kept, or rendered now when they are not yet. No query.

    Where the words are withheld (`content` is empty) there is nothing.
    """
    return (row.html or read(row.content).html()) if row.content else ""


@dataclass(frozen=True)
class Reading:
    """A text that has been parsed: whom and what it names, and how it is shown."""

    text: str
    tokens: list[Token]

    @property
    def names(self) -> tuple[str, ...]:
        """Usernames after an @, in small letters, in their order, each once. Whether anybody has them is not known."""
        return tuple(dict.fromkeys(token.meta["word"].lower() for token in self._inline("mention")))

    @property
    def tags(self) -> tuple[str, ...]:
        """Words after a #, as they are written, in their order, each once."""
        return tuple(dict.fromkeys(token.meta["word"] for token in self._inline("hashtag")))

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where its links lead, in their order, each once."""
        return tuple(dict.fromkeys(str(token.attrGet("href") or "") for token in self._inline("link_open")))

    def html(self, *, names: Mapping[str, str] | None = None, tags: Mapping[str, str] | None = None) -> str:
        """The text as safe HTML. `names` (small letters) and `tags` (as written) say where those that are known lead.

        Never empty: a text of which nothing would be seen, such as a lone ">", is shown as it was typed.
        """
        env = {"mention": names or {}, "hashtag": tags or {}}
        html = _SIEVE.clean(_PARSER.renderer.render(self.tokens, _PARSER.options, env)).strip()
        return html if plain(html).strip() else _as_typed(self.text)

    def _inline(self, kind: str) -> list[Token]:
        return [child for token in self.tokens for child in token.children or () if child.type == kind]


def read(text: str) -> Reading:
    """Parse a text of at most some thousand characters."""
    text = str(text or "").replace("\r\n", "\n").replace("\r", "\n")
    return Reading(text, _PARSER.parse(text))


def _as_typed(text: str) -> str:
    """The text in paragraphs, nothing in it understood."""
    paragraphs = [escape(paragraph).replace("\n", "<br>") for paragraph in _BREAKS.split(text.strip())]
    return "".join(f'<p dir="auto">{paragraph}</p>' for paragraph in paragraphs if paragraph)


def _kept(tag: str, name: str, value: str) -> str | None:
    """The sieve's second question, about values; what it does not know of (href) the sieve has judged itself."""
    pattern = _VALUES.get(name)
    return value if pattern is None or pattern.fullmatch(value) else None


# -- What the parser learns ---------------------------------------------------------------------------------------


def _reference(state: StateInline, silent: bool) -> bool:
    """An inline rule: @name and #hashtag, where a word begins and no link is open."""
    text, at = state.src, state.pos
    if text[at] not in "@#" or state.linkLevel or (at and _belongs_to(text[at - 1])):
        return False
    word = _name_at(text, at) if text[at] == "@" else _tag_at(text, at)
    if not word:
        return False
    if not silent:
        token = state.push("mention" if text[at] == "@" else "hashtag", "a", 0)
        token.content, token.meta = text[at] + word, {"word": word}
    state.pos += 1 + len(word)
    return True


def _belongs_to(before: str) -> bool:
    """Whether a sign after this letter is part of something else: a word, an address, an entity."""
    return before in "_/&@#" or before.isalnum() or unicodedata.category(before)[0] == "M"


def _name_at(text: str, at: int) -> str:
    found = _NAME.match(text, at)
    return found[1] if found else ""


def _tag_at(text: str, at: int) -> str:
    """Letters of any script with their marks, digits and underscores; at least one is a letter."""
    end = at + 1
    while end < len(text) and _is_of_tag(text[end]):
        end += 1
    word = text[at + 1 : end].rstrip("\u200c\u200d")
    return word if any(letter.isalpha() for letter in word) else ""


def _is_of_tag(letter: str) -> bool:
    # The joiners belong to the spelling of Persian and of the scripts of India.
    return letter == "_" or letter.isalnum() or letter in "\u200c\u200d" or unicodedata.category(letter) in ("Mn", "Mc")


def _finish(state: StateCore) -> None:
    """A core rule, the last one: headings become lines in bold, blocks find their direction, links say where they lead.

    Only the outermost blocks look for a direction: a list would not heed that of its items.
    """
    for at, token in enumerate(state.tokens):
        if token.type == "inline":
            token.children = _honest(token.children or [])
            if state.tokens[at - 1].tag in _HEADINGS:
                token.children = [
                    Token("strong_open", "strong", 1),
                    *token.children,
                    Token("strong_close", "strong", -1),
                ]
        if token.level == 0 and token.nesting == 1 and token.tag in (*_BLOCKS, *_HEADINGS):
            token.attrSet("dir", "auto")
    for token in state.tokens:
        if token.tag in _HEADINGS:
            token.type, token.tag = token.type.replace("heading", "paragraph"), "p"


def _honest(children: list[Token]) -> list[Token]:
    """Links whose words are an address lead there, or show where they lead instead; long addresses are shortened."""
    kept: list[Token] = []
    link: list[Token] = []
    depth = 0
    for token in children:
        depth += token.nesting if token.tag == "a" else 0
        if token.tag == "a" and (depth + (token.nesting < 0)) > 1:
            continue  # an address in angle brackets among the words of a link: one link is enough
        (link if link or depth else kept).append(token)
        if link and depth == 0:
            kept.extend(_honest_link(link))
            link = []
    return kept


def _honest_link(link: list[Token]) -> list[Token]:
    opening, label, closing = link[0], link[1:-1], link[-1]
    address = str(opening.attrGet("href") or "")
    opening.attrs = {"href": address}
    words = "".join(token.content for token in label).strip()
    seen = "".join(letter for letter in words if unicodedata.category(letter) != "Cf")
    claimed = _LOOKS_LIKE_HOST.match(unicodedata.normalize("NFKC", seen))
    is_bare = opening.info == "auto"
    if seen and not is_bare and (claimed is None or _same_host(claimed[1], address)):
        return link
    shown = words if is_bare and words else address
    shown = f"{shown[: LONGEST_LABEL - 1]}…" if len(shown) > LONGEST_LABEL else shown
    return [opening, Token("text", "", 0, content=shown), closing]


def _same_host(claimed: str, address: str) -> bool:
    try:
        host = urlsplit(address).hostname or ""
        names = {name.lower().encode("idna").decode().removeprefix("www.") for name in (claimed, host)}
    except (ValueError, UnicodeError):
        return False
    return len(names) == 1


def _leads_somewhere(address: str) -> bool:
    """Whether a link may lead there: the web, an e-mail address, or a page of this site."""
    return _ADDRESS.match(address.strip()) is not None


def _show_reference(renderer: Any, tokens: list[Token], at: int, options: Any, env: Mapping[str, Any]) -> str:
    token = tokens[at]
    word = token.meta["word"]
    address = env[token.type].get(word.lower() if token.type == "mention" else word)
    words = escape(token.content)
    return f'<a class="{token.type}" href="{escape(address)}">{words}</a>' if address else words


def _show_code(renderer: Any, tokens: list[Token], at: int, options: Any, env: Any) -> str:
    return f'<pre dir="ltr"><code>{escape(tokens[at].content)}</code></pre>\n'


def _parser() -> MarkdownIt:
    parser = MarkdownIt("js-default", {"breaks": True, "linkify": True, "html": False})
    # An indented line is a line, a row of dashes is one, and what nobody would call Markdown stays as it was typed.
    parser.disable(["html_block", "html_inline", "image", "table", "code", "hr", "lheading", "reference"])
    parser.inline.ruler.before("link", "civitas_reference", _reference)
    parser.core.ruler.push("civitas_finish", _finish)
    parser.validateLink = _leads_somewhere  # type: ignore[assignment,method-assign]
    # "end.So" would be a link into Somalia: without a scheme only the plainest names are.
    assert parser.linkify is not None  # noqa: S101 - a pinned dependency
    parser.linkify.tlds(["com", "org", "net", "edu", "gov"])
    parser.linkify.set({"fuzzy_email": False, "fuzzy_ip": False})
    for kind in ("mention", "hashtag"):
        parser.add_render_rule(kind, _show_reference)
    parser.add_render_rule("fence", _show_code)
    return parser


_PARSER = _parser()
