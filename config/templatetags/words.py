"""Members' words as HTML.

`post|written` is what was written, `post|opening:600` its beginning and `post|in_short:60` a line of its text: for rows
with `content` and `html`, which `config.lib.markdown` has rendered. `bio|words` is for plain text, in which nothing but
line breaks and addresses means anything.
"""

import re
from typing import Any

from django import template
from django.utils.html import Urlizer, conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from config.lib import excerpts, markdown

register = template.Library()

_BREAKS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


class _Links(Urlizer):
    # `ugc` and `nofollow`: search engines give no credit; `noopener`: the other page cannot reach back.
    url_template = '<a href="{href}" rel="nofollow noopener ugc">{url}</a>'


_links = _Links()


@register.filter
def words(text: Any) -> SafeString:
    """Plain text in paragraphs, with addresses made links. All else is escaped; a paragraph finds its direction."""
    paragraphs = []
    for paragraph in _BREAKS.split(str(text or "").replace("\r\n", "\n").strip()):
        linked = _links(conditional_escape(paragraph), trim_url_limit=60, nofollow=False, autoescape=False)
        paragraphs.append(f'<p dir="auto">{linked.replace(chr(10), "<br>")}</p>' if paragraph else "")
    # Every part is escaped above before links are added.
    return mark_safe("".join(paragraphs))  # noqa: S308


@register.filter
def excerpt(text: Any, most: int) -> str:
    """The first `most` characters, cut between words, with an ellipsis when something is left out."""
    text = str(text or "")
    if len(text) <= most:
        return text
    whole = Truncator(text).chars(most)
    return re.sub(r"\s+\S*…$", "…", whole) if " " in whole[most // 2 :] else whole


@register.filter
def written(row: markdown.Written) -> SafeString:
    """All that was written, as safe HTML."""
    return mark_safe(markdown.written(row))  # noqa: S308 - what it answers has gone through its sieve


class Opening(SafeString):
    """The beginning of what was written. `is_cut` says whether there is more."""

    is_cut = False


@register.filter
def opening(row: markdown.Written, most: int) -> Opening:
    """The beginning of what was written, about `most` characters, as safe HTML with every element closed."""
    html = markdown.written(row)
    beginning = excerpts.cut(html, most)
    shown = Opening(html if beginning is None else beginning)
    shown.is_cut = beginning is not None
    return shown


@register.filter
def in_short(row: markdown.Written, most: int) -> str:
    """What was written in one line without any markup, at most `most` characters."""
    return excerpts.plain(markdown.written(row), most)
