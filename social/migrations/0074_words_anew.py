from typing import Any

from django.db import migrations

_AT_ONCE = 500
_FIRST = "00000000-0000-0000-0000-000000000000"

# Of the next rows, those whose words may have changed: with "<" or ">", or with letters beyond ASCII.
_ANEW = """
    WITH looked_at AS MATERIALIZED (SELECT {key} AS id FROM {words} WHERE {key} > %(last)s::uuid ORDER BY {key} LIMIT %(most)s),
    changed AS (
      UPDATE {words} w SET words = {made} FROM {table} r, looked_at l
        WHERE w.{key} = l.id AND r.id = l.id
          AND (concat({texts}) ~ '[<>]' OR octet_length(concat({texts})) <> char_length(concat({texts})))
    )
    SELECT id FROM looked_at ORDER BY id DESC LIMIT 1
"""
_KINDS = (
    ("social_postwords", "post_id", "social_post", "social_words_of(r.title, r.content)", "r.title, r.content"),
    ("social_commentwords", "comment_id", "social_comment", "social_words_of('', r.content)", "r.content"),
    (
        "social_pagewords",
        "page_id",
        "accounts_page",
        "social_words_of_page(r.username, r.display_name, r.bio)",
        "r.display_name, r.bio",
    ),
)


def write_anew(_apps: Any, schema_editor: Any) -> None:
    """The words of what was there before, some hundred rows at a time, each a transaction of its own."""
    for words, key, table, made, texts in _KINDS:
        statement = _ANEW.format(words=words, key=key, table=table, made=made, texts=texts)
        last: Any = _FIRST
        while last is not None:
            with schema_editor.connection.cursor() as cursor:
                cursor.execute(statement, {"last": last, "most": _AT_ONCE})
                row = cursor.fetchone()
                last = row and row[0]


class Migration(migrations.Migration):
    """Words of before in the form that is looked for now. Safe to run again after it was stopped."""

    atomic = False

    dependencies = [("social", "0073_words_of_one_form")]

    operations = [migrations.RunPython(write_anew, migrations.RunPython.noop)]
