"""Drafts beside what posts carry: publishing one is writing its post, which ends it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.members.models import User
from economy.ledger.models import Transfer
from social.drafts import operations
from social.drafts.forms import FromDraft
from social.feed import extras
from social.feed.models import Post


def register() -> None:
    """Let a post end the draft that it was; called from `ready()`."""
    extras.register(
        extras.Extra(
            name="draft",
            label=_("Draft"),
            icon="file-text",
            form=FromDraft,
            form_template="social/drafts/_part.html",
            card_template="",
            body=lambda: serializers.UUIDField(
                required=False, allow_null=True, help_text="One's draft that becomes this post, and ends."
            ),
            shown=None,
            attach=_attach,
        )
    )


def _attach(
    *, post: Post, author: User, value: Any, channel: Transfer.Channel, at: datetime
) -> dict[str, Any] | list[Any]:
    operations.end_draft(writer=author, draft_id=value)
    return {}
