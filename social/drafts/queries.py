"""Reads of drafts: one's own, and nobody else's."""

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from config.lib.pagination import Keyset
from social.drafts.models import Draft
from social.drafts.operations import DraftGone
from social.pictures.models import Picture

NEWEST = Keyset("-id")


def drafts_of(member: Any) -> QuerySet[Draft]:
    """The member's drafts, each with its pictures in order. Two queries."""
    shown = Prefetch("pictures", Picture.objects.order_by("place", "id"))
    return Draft.objects.filter(user=member).prefetch_related(shown)


def draft_for(member: Any, draft_id: UUID) -> Draft:
    """One's own draft. May refuse with DraftGone."""
    draft = drafts_of(member).filter(pk=draft_id).first()
    if draft is None:
        raise DraftGone()
    return draft
