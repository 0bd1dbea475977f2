"""What writing a post and writing a comment have in common."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.audit.operations import note_staff_action
from accounts.members.models import Page, User
from accounts.members.operations import must_act as must_act
from config.lib.refusals import NotThere, Refused
from economy.ledger.models import Transfer
from social.feed import models, rules

_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


class UnusableText(Refused):
    """The text is empty, too long, or holds characters that cannot be kept."""

    slug = "unusable-text"
    title = _("This text cannot be used")
    field = "content"

    _SENTENCES = {
        "empty": _("Write something first."),
        "too-long": _("This is longer than %(most)s characters."),
        "unusable": _("This text holds characters that cannot be kept."),
    }

    def __init__(self, sentence: Any = None, *, fault: str = "empty", most: int = 0, field: str = "content") -> None:
        super().__init__(sentence or str(self._SENTENCES[fault]) % {"most": most}, fault=fault, most=most)
        self.field = field  # type: ignore[misc]


def usable(text: str, *, most: int) -> str:
    """The text as it is kept. May refuse with UnusableText."""
    kept = rules.tidy(text)
    fault = rules.fault_of(kept, most=most)
    if fault is not None:
        raise UnusableText(fault=fault, most=most)
    return kept


def usable_title(title: str) -> str:
    """The heading as it is kept, maybe empty. May refuse with UnusableText."""
    # What turns the direction of letters would turn whatever stands beside a title too, in tabs and in others' lists.
    kept = " ".join(_TURNS.sub("", rules.tidy(title)).split())
    fault = rules.fault_of(kept, most=rules.LONGEST_TITLE)
    if fault not in (None, "empty"):
        raise UnusableText(fault=fault or "", most=rules.LONGEST_TITLE, field="title")
    return "" if fault == "empty" else kept


def page_of(member: User, page: Page | None) -> Page:
    """The page that a member acts as. May refuse with NotThere for a page that is not theirs or not shown."""
    if page is None:
        return member.primary_page
    if page.user_id != member.pk or not page.is_active:
        raise NotThere()
    return page


def one_at_a_time(writer: User) -> None:
    """Lets one account's writings pass one by one until the transaction ends: of two at once only one is first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT social_lock_writer(%s::uuid)", [writer.pk])


def note_removal(
    content: models.Post | models.Comment, *, remover: User, reason: str, channel: Transfer.Channel, at: datetime
) -> None:
    """Keep that staff have removed what is another's, and why. What they do in the admin is kept there."""
    if content.user_id != remover.pk and channel != Transfer.Channel.ADMIN:
        note_staff_action(
            staff=remover,
            action="remove",
            target_type=content._meta.db_table,
            target_id=content.pk,
            reason=reason,
            at=at,
        )


def keep_target(target: UUID) -> None:
    """Keeps a post or comment from being removed until the transaction ends; others may keep it at the same time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT social_keep_target(%s::uuid)", [target])
