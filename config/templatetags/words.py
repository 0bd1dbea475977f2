"""Members' plain text as HTML: paragraphs, line breaks, and links that lend nobody our name."""

import re
from typing import Any

from django import template
from django.utils.html import Urlizer, conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

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
