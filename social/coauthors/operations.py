"""Co-authors: asked as a post is written, agreeing or not by themselves."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.departures.forgetting import Leaving
from accounts.members.boundaries import must_not_keep_apart
from accounts.members.models import Page, User
from accounts.members.operations import must_act
from accounts.notifications.operations import Owed, nudge_after_commit, owe_notice, owe_notices
from config.lib.ids import uuid7_at
from config.lib.limits import Limit, counted
from config.lib.refusals import Refused, TooMany, spoken_by_database
from config.lib.runtime import figures
from economy.ledger.models import Transfer
from social.coauthors import queries, rules
from social.coauthors.models import CoAuthor
from social.feed import extras
from social.feed.models import Post

NAME = "coauthors"
_USERNAME = re.compile(r"[a-z0-9_]{3,30}", re.ASCII)
DAY = 86400


class BadShares(Refused):
    """Too many co-authors, or more of the tips than there is to share."""

    slug = "bad-shares"
    title = _("These shares cannot be given")

    _SENTENCES = {
        "too-many": _("A post has at most %(most)s co-authors."),
        "too-small": _("Each share is at least 1 percent."),
        "too-much": _("All shares together are at most %(together)s percent: you keep the rest."),
        "twice": _("Name each co-author once."),
    }

    def __init__(self, fault: str = "too-much") -> None:
        sentence = str(self._SENTENCES[fault]) % {"most": rules.MOST, "together": rules.MOST_PERCENT_TOGETHER}
        super().__init__(sentence, fault=fault)


class NoSuchCoAuthor(Refused):
    """Nobody of this name who could share: unknown, not active, or the writer."""

    slug = "no-such-co-author"
    title = _("No such co-author")
    sentence = _("There is no member @%(username)s who could share in your tips.")


class AnsweredAlready(Refused):
    """What was asked has an answer, so the question cannot be taken back."""

    slug = "answered-already"
    status = 409
    title = _("Answered already")
    sentence = _("@%(username)s has answered already. Who shares in the tips decides alone to share no longer.")


class TooManyInvitations(TooMany):
    """COAUTHORS_PER_DAY."""

    slug = "too-many-co-authors"
    sentence = _("You can ask %(most)s co-authors a day. The next one is in %(wait)s.")


def ask_coauthors(
    *, post: Post, author: User, value: Sequence[Mapping[str, Any]], channel: Transfer.Channel, at: datetime
) -> dict[str, Any]:
    """Ask members to share in the tips of a new post: `value` holds a username and whole percents each.

    Part of the transaction that writes the post. Answers with what its card shows. May refuse with BadShares,
    NoSuchCoAuthor, Blocked, TooManyInvitations.
    """
    fault = rules.fault_of([one["percent"] for one in value])
    if fault:
        raise BadShares(fault)
    pages = [_page_of(one["username"], author) for one in value]
    if len({page.pk for page in pages}) < len(pages):
        raise BadShares("twice")
    members: set[UUID] = set()
    for page in pages:
        # Which pages are of one member is told to nobody: the second is nobody who could share.
        if page.user_id in members:
            raise NoSuchCoAuthor(username=page.username)
        members.add(page.user_id)
    if not pages:
        return {}
    must_not_keep_apart(author.pk, *[page.user_id for page in pages])
    most = figures().COAUTHORS_PER_DAY
    limit = Limit("coauthors", str(author.pk), most, DAY, weight=len(pages))
    with counted(limit, refuse=TooManyInvitations, most=most):
        rows = CoAuthor.objects.bulk_create(
            CoAuthor(
                id=uuid7_at(at),
                created_at=at,
                post=post,
                page=page,
                user_id=page.user_id,
                share=Decimal(one["percent"]) / 100,
            )
            for page, one in zip(pages, value, strict=True)
        )
        owe_notices(
            [
                Owed(page.user_id, "coauthor", post.page, (NAME, post.pk), data={"percent": one["percent"]})
                for page, one in zip(pages, value, strict=True)
            ],
            at=at,
        )
    nudge_after_commit()
    return _on_card(rows)


def answer(*, member: User, post_id: UUID, agrees: bool, at: datetime) -> CoAuthor:
    """Say whether one shares in the tips of a post; saying the same again is no error, and one may think again.

    Tips that were given before stay divided as they were. May refuse with NotAllowed, NotThere, NotAsked, Blocked.
    """
    must_act(member)
    with spoken_by_database(), transaction.atomic():
        row = queries.invitation_for(member, post_id)
        said = CoAuthor.Answer.YES if agrees else CoAuthor.Answer.NO
        if agrees:
            must_not_keep_apart(member.pk, row.post.user_id)
        rows = _hold_all(post_id)
        mine = next((one for one in rows if one.user_id == member.pk), None)
        if mine is None:
            raise queries.NotAsked()
        if mine.answer != said:
            mine.answer, mine.answered_at = said, at
            mine.save(update_fields=["answer", "answered_at"])
            extras.show_on_card(row.post, {NAME: _on_card(rows)})
            owe_notice(
                user_id=row.post.user_id,
                kind="coauthor-answer",
                at=at,
                actor=row.page,
                reference=(NAME, row.post_id),
                data={"agrees": agrees},
            )
            nudge_after_commit()
        row.answer, row.answered_at = mine.answer, mine.answered_at
    return row


def take_back_question(*, author: User, post_id: UUID, page_id: UUID | None) -> bool:
    """Ask whoever was asked as a page no longer to share in the tips of one's post, while they have not answered.

    Whether they were asked; None is nobody. May refuse with NotAllowed, NotThere (another's post), AnsweredAlready.
    """
    must_act(author)
    post = queries.post_of(author, post_id)
    with spoken_by_database(), transaction.atomic():
        rows = _hold_all(post.pk)
        asked = next((row for row in rows if row.page_id == page_id), None)
        if asked is None:
            return False
        if asked.answer != CoAuthor.Answer.WAITING:
            raise AnsweredAlready(username=asked.page.username)
        asked.delete()
        extras.show_on_card(post, {NAME: _on_card([row for row in rows if row is not asked])})
    return True


def forget_parts(leaving: Leaving) -> bool:
    """A step of erasing a member: they share in nothing from now on. Whether more is left."""
    rows = CoAuthor.objects.filter(user=leaving.member).exclude(answer=CoAuthor.Answer.NO).select_related("post")
    for row in rows.order_by("id")[:100]:
        with transaction.atomic():
            beside = _hold_all(row.post_id)
            for one in beside:
                if one.user_id == leaving.member.pk:
                    one.answer, one.answered_at = CoAuthor.Answer.NO, leaving.at
                    one.save(update_fields=["answer", "answered_at"])
            extras.show_on_card(row.post, {NAME: _on_card(beside)})
    return rows.exists()


def _hold_all(post_id: UUID) -> list[CoAuthor]:
    """All who were asked about a post, held: what changes them passes one by one, or its card would show half of it."""
    return list(CoAuthor.objects.select_for_update(no_key=True).filter(post=post_id).order_by("id"))


def _page_of(username: str, author: User) -> Page:
    name = username.strip().removeprefix("@").lower()
    found = Page.objects.filter(username=name, is_active=True).select_related("user")
    page = found.first() if _USERNAME.fullmatch(name) else None
    if page is not None and page.user_id == author.pk:
        raise NoSuchCoAuthor(_("You are its writer already. Name others."))
    if page is None or page.user.status != User.Status.ACTIVE:
        raise NoSuchCoAuthor(username=name[:30])
    return page


def _on_card(rows: Sequence[CoAuthor]) -> dict[str, Any]:
    """No names: people change theirs, and some leave. How many share, and how much of the tips."""
    agreed = [row for row in rows if row.answer == CoAuthor.Answer.YES]
    return {
        "agreed": len(agreed),
        "percent": int(sum(row.share for row in agreed) * 100),
        "asked": sum(row.answer == CoAuthor.Answer.WAITING for row in rows),
    }
