"""Follows: who wants to see whose posts."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.members.models import Page, User
from config.lib.refusals import NotThere, Refused, spoken_by_database
from social.feed.models import Follow
from social.feed.operations.writing import must_act


class OwnPage(Refused):
    """One does not follow oneself."""

    slug = "own-page"
    title = _("That is you")
    sentence = _("You cannot follow a page of your own.")


def follow(*, follower: User, page: Page, at: datetime) -> None:
    """Follow a page; following it already is no error. May refuse with NotAllowed, NotThere, OwnPage."""
    must_act(follower)
    if page.user_id == follower.pk:
        raise OwnPage()
    if not Page.objects.visible().filter(pk=page.pk).exists():
        raise NotThere()
    with spoken_by_database():
        Follow.objects.bulk_create([Follow(follower=follower, page=page, created_at=at)], ignore_conflicts=True)


def unfollow(*, follower: User, page: Page) -> None:
    """Follow a page no longer; not following it is no error. May refuse with NotAllowed."""
    must_act(follower)
    with spoken_by_database():
        Follow.objects.filter(follower=follower, page=page).delete()
