"""Drafts: kept, ended when their post is out, thrown away."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.departures.forgetting import Leaving
from accounts.members.models import User
from accounts.members.operations import must_act
from config.lib.ids import uuid7_at
from config.lib.refusals import NotThere, Refused
from social.drafts import rules
from social.drafts.models import Draft
from social.feed import rules as feed
from social.feed.operations.writing import UnusableText, one_at_a_time, usable_title
from social.pictures import operations as pictures_of

Pictures = Sequence[Mapping[str, Any]]
Rest = Mapping[str, Sequence[str]]


class TooManyDrafts(Refused):
    """More than one can keep in mind."""

    slug = "too-many-drafts"
    title = _("Too many drafts")
    sentence = _("You keep %(most)s drafts already. Publish one or throw one away.")


class DraftGone(NotThere):
    """The draft was published or thrown away, or is another member's."""

    sentence = _("This draft is gone: it was published or thrown away. Your words are still here; send them once more.")


def write_draft(
    *,
    writer: User,
    at: datetime,
    title: str = "",
    content: str = "",
    rest: Rest | None = None,
    pictures: Pictures = (),
    key: str | None = None,
) -> Draft:
    """Keep a post in the making. Of one key there is one draft: kept again, it is the same one with what stands now.

    May refuse with NotAllowed, UnusableText, TooManyDrafts, and with what pictures refuse.
    """
    must_act(writer)
    changes = _usable(title=title, content=content, rest=rest or {})
    if not (any(changes.values()) or pictures):
        raise UnusableText()
    with transaction.atomic():
        # Two at once would both find no draft of this key, and room for one more.
        one_at_a_time(writer)
        draft = Draft.objects.filter(user=writer, key=key).first() if key is not None else None
        if draft is None:
            if Draft.objects.filter(user=writer).count() >= rules.MOST:
                raise TooManyDrafts(most=rules.MOST)
            draft = Draft(id=uuid7_at(at), created_at=at, user=writer, key=key)
        return _keep(draft, changes, pictures)


def change_draft(
    *,
    writer: User,
    draft_id: UUID,
    at: datetime,
    title: str | None = None,
    content: str | None = None,
    rest: Rest | None = None,
    pictures: Pictures | None = None,
    guard: Callable[[Draft], None] | None = None,
) -> Draft:
    """Change one's own draft; what is not given stays. `guard` looks at it as it stands and may refuse.

    May refuse with NotAllowed, DraftGone, UnusableText, and with what pictures refuse.
    """
    must_act(writer)
    changes = _usable(title=title, content=content, rest=rest)
    with transaction.atomic():
        return _keep(_held(writer, draft_id, guard), changes, pictures)


def end_draft(*, writer: User, draft_id: UUID) -> None:
    """End a draft whose post is being written, in that transaction: of two posts of one draft one is out.

    May refuse with DraftGone.
    """
    deleted, _per_table = Draft.objects.filter(pk=draft_id, user=writer).delete()
    if not deleted:
        raise DraftGone()


def throw_draft_away(*, writer: User, draft_id: UUID, guard: Callable[[Draft], None] | None = None) -> None:
    """Throw one's own draft away; nothing has its pictures then. May refuse with NotAllowed, DraftGone."""
    must_act(writer)
    with transaction.atomic():
        _held(writer, draft_id, guard).delete()


def _held(writer: User, draft_id: UUID, guard: Callable[[Draft], None] | None) -> Draft:
    """One's own draft, held until the transaction ends; `guard` looks at it. May refuse with DraftGone."""
    # As writing a post does, before anything else is locked.
    one_at_a_time(writer)
    draft = Draft.objects.select_for_update().filter(pk=draft_id, user=writer).first()
    if draft is None:
        raise DraftGone()
    if guard is not None:
        guard(draft)
    return draft


def forget_drafts(leaving: Leaving) -> bool:
    """A step of erasing a member: what was never out goes."""
    Draft.objects.filter(user=leaving.member).delete()
    return False


def _usable(*, title: str | None, content: str | None, rest: Rest | None) -> dict[str, Any]:
    """What is given, as it is kept. May refuse with UnusableText."""
    changes: dict[str, Any] = {}
    if title is not None:
        changes["title"] = usable_title(title)
    if content is not None:
        changes["content"] = feed.tidy(content)
        _refuse_unusable(changes["content"], most=feed.LONGEST_POST)
    if rest is not None:
        if rules.is_too_much(rest):
            raise UnusableText(fault="too-long", most=rules.LONGEST_REST, field="rest")
        for name, values in rest.items():
            for text in (name, *values):
                _refuse_unusable(text, most=rules.LONGEST_REST, field="rest")
        changes["rest"] = {name: list(values) for name, values in rest.items()}
    return changes


def _refuse_unusable(text: str, *, most: int, field: str = "content") -> None:
    """A draft may be empty, but not what no post can be."""
    fault = feed.fault_of(text, most=most)
    if fault not in (None, "empty"):
        raise UnusableText(fault=fault or "", most=most, field=field)


def _keep(draft: Draft, changes: Mapping[str, Any], pictures: Pictures | None) -> Draft:
    for name, value in changes.items():
        setattr(draft, name, value)
    draft.save()
    if pictures is not None:
        pictures_of.keep_in_draft(draft=draft, pictures=pictures)
    draft.refresh_from_db(fields=["updated_at"])
    return draft
