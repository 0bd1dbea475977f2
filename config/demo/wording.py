"""The demo's texts as columns for set-based writing: rendered, with their hashes, and filed under their hashtags."""

from datetime import datetime
from typing import Any

from django.db import connection

from config.demo.texts import texts
from social.feed import rules
from social.feed.operations.words import understand

_HASHTAGS = """
    INSERT INTO social_hashtag (id, created_at, name)
      SELECT civitas_uuid7(%(at)s), %(at)s, name FROM unnest(%(names)s::text[]) AS name ORDER BY name
      ON CONFLICT (name) DO NOTHING
"""


def columns(*, at: datetime) -> dict[str, Any]:
    """Arrays: titles, contents, htmls, hashes of each text; `filed` and `names`, which hash under which hashtag.

    The hashtags are there afterwards.
    """
    all_texts = texts()
    words = [understand(text.content) for text in all_texts]
    hashes = [rules.hash_of(text.content) for text in all_texts]
    under = [(sign, name) for sign, each in zip(hashes, words, strict=True) for name in sorted(each.hashtags)]
    with connection.cursor() as cursor:
        cursor.execute(_HASHTAGS, {"at": at, "names": sorted({name for _sign, name in under})})
    return {
        "titles": [text.title for text in all_texts],
        "contents": [text.content for text in all_texts],
        "htmls": [each.html for each in words],
        "hashes": hashes,
        "filed": [sign for sign, _name in under],
        "names": [name for _sign, name in under],
    }
