"""Follows: who wants to see whose posts."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.members.boundaries import must_not_keep_apart, pass_one_at_a_time
from accounts.members.models import Page, User
from accounts.notifications.operations import owe_notice
from config.lib.refusals import NotThere, Refused, spoken_by_database
from social.feed.models import Follow
from social.feed.operations.writing import must_act


class OwnPage(Refused):
    """One does not follow oneself."""

    slug = "own-page"
    title = _("That is you")
    sentence = _("You cannot follow a page of your own.")


def follow(*, follower: User, page: Page, at: datetime) -> None:
    """Follow a page; following it already is no error. May refuse with NotAllowed, NotThere, OwnPage, Blocked."""
    must_act(follower)
    if page.user_id == follower.pk:
        raise OwnPage()
    if not Page.objects.visible().filter(pk=page.pk).exists():
        raise NotThere()
    with spoken_by_database(), transaction.atomic():
        # Whoever is just blocking has ended the follows that there were; this one must not come after.
        pass_one_at_a_time(follower.pk, page.user_id)
        must_not_keep_apart(follower.pk, page.user_id)
        # Nobody else follows or blocks between these two meanwhile: what is not there is new.
        if not Follow.objects.filter(follower=follower, page=page).exists():
            Follow.objects.create(follower=follower, page=page, created_at=at)
            owe_notice(
                user_id=page.user_id, kind="follow", actor=follower.primary_page, reference=("page", page.pk), at=at
            )


def unfollow(*, follower: User, page: Page) -> None:
    """Follow a page no longer; not following it is no error. May refuse with NotAllowed."""
    must_act(follower)
    with spoken_by_database():
        Follow.objects.filter(follower=follower, page=page).delete()


def end_follows(one_id: UUID, other_id: UUID) -> None:
    """Two members follow each other's pages no longer; part of a block between them."""
    for follower, followed in ((one_id, other_id), (other_id, one_id)):
        Follow.objects.filter(follower=follower, page__user=followed).delete()
