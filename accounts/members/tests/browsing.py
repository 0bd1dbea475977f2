"""How tests speak of the pages about oneself."""

import html
import re
from typing import Any

from django.urls import reverse


def url(name: str, *args: Any) -> str:
    return reverse(f"accounts:{name}", args=args)


def words_of(response: Any) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))
