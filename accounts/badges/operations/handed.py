"""Badges that staff make, and hand to members for what no rule sees."""

from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.audit.operations import note_staff_action
from accounts.badges import rules
from accounts.badges.models import Badge, UserBadge
from accounts.members.models import User
from accounts.members.queries import page_by_username
from accounts.notifications.operations import owe_notice
from config.lib.ids import uuid7_at
from config.lib.refusals import NotAllowed, NotThere, Refused


class BadgeNameTaken(Refused):
    """There is a badge of this name."""

    slug = "badge-name-taken"
    title = _("Name taken")
    sentence = _("There is a badge of this name.")
    field = "name"


class NoSuchIcon(Refused):
    """Badges do not have this icon."""

    slug = "no-such-icon"
    title = _("No such icon")
    sentence = _("There is no such icon. Choose one of the list.")
    field = "icon"


class EarnedByRule(Refused):
    """A rule gives this badge; nobody gives or takes it by hand."""

    slug = "earned-by-rule"
    title = _("Earned by a rule")
    sentence = _("This badge is given by a rule, and neither given, changed nor taken by hand.")


class NoSuchPage(Refused):
    """Nobody goes by this name."""

    slug = "no-such-page"
    title = _("No such page")
    sentence = _("There is no page of this name.")
    field = "username"


class HasBadge(Refused):
    """The member has it, and once is all there is."""

    slug = "has-badge"
    title = _("Has it")
    sentence = _("@%(username)s has this badge.")
    field = "username"


def make_badge(
    *, staff: User, name: str, description: str, icon: str, is_repeatable: bool, reason: str, at: datetime
) -> Badge:
    """Make a badge that staff hand out. May refuse with NotAllowed, BadgeNameTaken, NoSuchIcon."""
    _must_be_admin(staff, reason)
    _must_be_known(icon)
    badge = Badge(
        id=uuid7_at(at),
        slug=f"custom-{slugify(name)[:30] or 'badge'}-{uuid7_at(at).hex[-6:]}",
        name=" ".join(name.split()),
        description=" ".join(description.split()),
        icon=icon,
        is_repeatable=is_repeatable,
        is_custom=True,
        created_at=at,
        updated_at=at,
    )
    with transaction.atomic():
        _must_be_free(badge.name)
        badge.save(force_insert=True)
        note_staff_action(
            staff=staff,
            action="make-badge",
            target_type="accounts_badge",
            target_id=badge.pk,
            reason=reason,
            details={"name": badge.name},
            at=at,
        )
    return badge


def change_badge(*, staff: User, badge: Badge, name: str, description: str, icon: str, reason: str) -> Badge:
    """Change the words and the icon of a badge that staff made.

    May refuse with NotAllowed, EarnedByRule, BadgeNameTaken, NoSuchIcon.
    """
    _must_be_admin(staff, reason)
    _must_be_known(icon)
    with transaction.atomic():
        present = _custom(badge)
        _must_be_free(" ".join(name.split()), but=present)
        present.name, present.description, present.icon = " ".join(name.split()), " ".join(description.split()), icon
        present.save(update_fields=["name", "description", "icon"])
    return present


def hand_badge(*, staff: User, badge: Badge, username: str, reason: str, at: datetime) -> UserBadge:
    """Give the member behind a page a badge that staff made; one that can be earned more often counts up.

    May refuse with NotAllowed, EarnedByRule, HasBadge, NoSuchPage.
    """
    _must_be_staff(staff, reason)
    try:
        member = page_by_username(username.strip().removeprefix("@")).user
    except NotThere as error:
        raise NoSuchPage() from error
    with transaction.atomic():
        present = _custom(badge)
        held = UserBadge.objects.filter(user=member, badge=present).first()
        if held is not None and not present.is_repeatable:
            raise HasBadge(username=member.primary_page.username)
        if held is None:
            held = UserBadge.objects.create(id=uuid7_at(at), user=member, badge=present, created_at=at, updated_at=at)
        else:
            held.times += 1
        held.given_by, held.reason = staff, reason.strip()[:300]
        held.save(update_fields=["times", "given_by", "reason"])
        owe_notice(
            user_id=member.pk,
            kind="badge",
            data={"slug": present.slug, "badge": present.name, "description": present.description},
            at=at,
        )
    return held


def take_badge(*, staff: User, held: UserBadge, reason: str) -> None:
    """Take a badge back that staff gave, however often. May refuse with NotAllowed, EarnedByRule, NotThere."""
    _must_be_staff(staff, reason)
    with transaction.atomic():
        _custom(held.badge)
        if not UserBadge.objects.filter(pk=held.pk).delete()[0]:
            raise NotThere()


def _custom(badge: Badge) -> Badge:
    """The badge as it is now, locked: what staff do with one badge they do one after the other."""
    present = Badge.objects.select_for_update(no_key=True).filter(pk=badge.pk).first()
    if present is None:
        raise NotThere()
    if not present.is_custom:
        raise EarnedByRule()
    return present


def _must_be_free(name: str, *, but: Badge | None = None) -> None:
    """Not a constraint: rules may be named alike in two languages. Two of staff at once are two who talk."""
    others = Badge.objects.filter(name__iexact=name)
    if (others.exclude(pk=but.pk) if but is not None else others).exists():
        raise BadgeNameTaken()


def _must_be_known(icon: str) -> None:
    if icon not in rules.ICONS:
        raise NoSuchIcon()


def _must_be_staff(staff: User, reason: str) -> None:
    if not staff.is_staff or not reason.strip():
        raise NotAllowed()


def _must_be_admin(staff: User, reason: str) -> None:
    if not staff.is_superuser or not reason.strip():
        raise NotAllowed()
