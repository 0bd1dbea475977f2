"""Co-authors as something that a post carries."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as fields

from social.coauthors import forms, operations, queries, rules, serializers
from social.feed.extras import Extra, register
from social.feed.models import Post


def _on_page(post: Post, reader: Any, _at: datetime) -> Mapping[str, Any]:
    people = queries.coauthors_of(post, reader)
    return {
        "people": people,
        "mine": next((row for row in people if row.user_id == reader.pk), None),
        "is_writer": post.user_id == reader.pk,
        "rest": 100 - sum(row.percent for row in people if row.answer == row.Answer.YES),
    }


def register_extra() -> None:
    """Register it; called from `ready()`."""
    register(
        Extra(
            name=operations.NAME,
            label=_("Co-authors"),
            icon="users",
            form=forms.AskCoAuthors,
            form_template="social/coauthors/_form.html",
            card_template="social/coauthors/_card.html",
            body=lambda: fields.ListField(
                child=serializers.AskCoAuthor(),
                required=False,
                max_length=rules.MOST,
                help_text="Who is asked to share in its tips.",
            ),
            shown=serializers.Shared,
            attach=operations.ask_coauthors,
            on_page=_on_page,
        )
    )
