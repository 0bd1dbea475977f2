"""Badges that staff make and hand out, by operations and in the admin."""

import pytest
from django.urls import reverse

from accounts.audit.models import AdminAction
from accounts.badges import operations, queries, rules
from accounts.badges.models import Badge, UserBadge
from accounts.notifications.models import OwedNotice
from config.admin_site import CivitasAdminSite
from config.lib.refusals import NotAllowed, NotThere

pytestmark = pytest.mark.django_db

WORDS = {"name": "Good  neighbour", "description": "Helped when nobody asked.", "icon": "heart"}


@pytest.fixture
def neighbour(admin_member, now):
    return operations.make_badge(staff=admin_member, is_repeatable=False, reason="asked for", at=now, **WORDS)


def hand(badge, staff, now, username="alice"):
    return operations.hand_badge(staff=staff, badge=badge, username=username, reason="the flood", at=now)


def test_an_admin_makes_a_badge_and_a_moderator_gives_it(neighbour, moderator, alice, now):
    assert (neighbour.name, neighbour.is_custom, neighbour.slug.startswith("custom-good-neighbour-")) == (
        "Good neighbour",
        True,
        True,
    )
    held = hand(neighbour, moderator, now, "@Alice")
    assert (held.user, held.given_by, held.reason, held.times) == (alice, moderator, "the flood", 1)
    assert "Good neighbour" in [str(one.name) for one in queries.badges_of(alice)]
    assert OwedNotice.objects.get(type="badge").data["badge"] == "Good neighbour"


def test_once_is_all_there_is(neighbour, moderator, alice, now):
    hand(neighbour, moderator, now)
    with pytest.raises(operations.HasBadge):
        hand(neighbour, moderator, now)


def test_one_that_can_be_given_again_counts_up(admin_member, alice, now):
    badge = operations.make_badge(staff=admin_member, is_repeatable=True, reason="asked for", at=now, **WORDS)
    assert [hand(badge, admin_member, now).times for _time in range(3)] == [1, 2, 3]


def test_nobody_goes_by_this_name(neighbour, moderator, now):
    for username in ("nobody_here", "", "\x00", "x" * 500):
        with pytest.raises(operations.NoSuchPage):
            hand(neighbour, moderator, now, username)


def test_what_a_rule_gives_no_hand_gives_or_takes(admin_member, alice, now):
    badge = Badge.objects.get(slug="early-adopter")
    with pytest.raises(operations.EarnedByRule):
        hand(badge, admin_member, now)
    with pytest.raises(operations.EarnedByRule):
        operations.take_badge(staff=admin_member, held=UserBadge.objects.get(user=alice), reason="no")
    with pytest.raises(operations.EarnedByRule):
        operations.change_badge(staff=admin_member, badge=badge, reason="no", **WORDS)


def test_taking_it_back(neighbour, moderator, alice, now):
    held = hand(neighbour, moderator, now)
    operations.take_badge(staff=moderator, held=held, reason="a mistake")
    assert [one.slug for one in queries.badges_of(alice)] == ["early-adopter"]
    with pytest.raises(NotThere):
        operations.take_badge(staff=moderator, held=held, reason="pressed twice")


def test_names_of_badges_are_told_apart(neighbour, admin_member, now):
    with pytest.raises(operations.BadgeNameTaken):
        operations.make_badge(
            staff=admin_member, is_repeatable=False, reason="again", at=now, **(WORDS | {"name": "good NEIGHBOUR"})
        )
    changed = operations.change_badge(
        staff=admin_member, badge=neighbour, reason="shorter", name="Good neighbour", description="Helped.", icon="star"
    )
    assert (changed.description, changed.icon) == ("Helped.", "star")


def test_mallory_and_moderators_beyond_their_role_are_refused(neighbour, moderator, mallory, alice, now):
    for staff in (mallory, moderator):
        with pytest.raises(NotAllowed):
            operations.make_badge(staff=staff, is_repeatable=False, reason="mine", at=now, **(WORDS | {"name": "Mine"}))
        with pytest.raises(NotAllowed):
            operations.change_badge(staff=staff, badge=neighbour, reason="mine", **WORDS)
    with pytest.raises(NotAllowed):
        hand(neighbour, mallory, now, "mallory")
    with pytest.raises(NotAllowed):  # no reason given
        operations.hand_badge(staff=moderator, badge=neighbour, username="alice", reason="  ", at=now)


@pytest.mark.parametrize("icon", ["../evil", "", "Star", "x" * 500, "\x00", "pen-line"])
def test_an_icon_is_one_of_ours(neighbour, admin_member, now, icon):
    with pytest.raises(operations.NoSuchIcon):
        operations.make_badge(
            staff=admin_member,
            is_repeatable=False,
            reason="x",
            at=now,
            **(WORDS | {"name": "Another", "icon": icon}),
        )
    with pytest.raises(operations.NoSuchIcon):
        operations.change_badge(staff=admin_member, badge=neighbour, reason="x", **(WORDS | {"icon": icon}))
    assert Badge.objects.filter(is_custom=True).get().icon == "heart"


def test_the_icons_to_choose_from_are_in_the_sprite(settings):
    sprite = (settings.BASE_DIR / "static/icons/sprite.svg").read_text()
    assert [icon for icon in rules.ICONS if f'id="{icon}"' not in sprite] == []


@pytest.mark.parametrize("icon", ["", "no such icon", "</svg><script>", "gone-since"])
def test_an_icon_that_is_none_breaks_no_page(neighbour, moderator, alice, now, client, icon):
    hand(neighbour, moderator, now)
    Badge.objects.filter(pk=neighbour.pk).update(icon=icon)
    assert {one.icon for one in queries.badges_of(alice)} == {"sparkles", "award"}
    page = client.get("/@alice/")
    assert (page.status_code, "Good neighbour" in page.content.decode()) == (200, True)


# -- In the admin ---------------------------------------------------------------------------------


@pytest.fixture
def desk(client, monkeypatch):
    """Someone's browser at the admin's desk; the second factor before it has tests of its own."""
    monkeypatch.setattr(CivitasAdminSite, "has_permission", lambda _site, request: request.user.is_staff, raising=False)

    def at(staff):
        client.force_login(staff)
        return client

    return at


def test_make_and_give_in_the_admin(desk, admin_member, alice):
    browser = desk(admin_member)
    make = reverse("admin:accounts_badge_make")
    assert browser.get(make).status_code == 200
    made = browser.post(make, {**WORDS, "reason": "asked for"})
    badge = Badge.objects.get(is_custom=True)
    assert (made.status_code, made["Location"]) == (302, reverse("admin:accounts_badge_change", args=[badge.pk]))
    given = browser.post(
        reverse("admin:accounts_badge_hand", args=[badge.pk]), {"username": "alice", "reason": "the flood"}
    )
    assert (given.status_code, UserBadge.objects.get(badge=badge).user) == (302, alice)
    kept = AdminAction.objects.filter(staff=admin_member).order_by("id")
    assert [(one.target_type, one.reason) for one in kept] == [
        ("accounts_badge", "asked for"),
        ("accounts_badge", "the flood"),
    ]


def test_refusals_stay_on_the_form(desk, admin_member, neighbour):
    browser = desk(admin_member)
    again = browser.post(reverse("admin:accounts_badge_make"), {**WORDS, "reason": "again"})
    assert (again.status_code, "There is a badge of this name." in again.content.decode()) == (422, True)
    nobody = browser.post(
        reverse("admin:accounts_badge_hand", args=[neighbour.pk]), {"username": "nobody_here", "reason": "x"}
    )
    assert (nobody.status_code, "There is no page of this name." in nobody.content.decode()) == (422, True)
    strange = browser.post(reverse("admin:accounts_badge_make"), {**WORDS, "icon": "evil", "reason": "x"})
    assert strange.status_code == 422


def test_change_and_take_back_in_the_admin(desk, admin_member, neighbour, alice, now):
    browser = desk(admin_member)
    held = hand(neighbour, admin_member, now)
    change = reverse("admin:accounts_badge_reword", args=[neighbour.pk])
    browser.post(change, {**WORDS, "icon": "star", "reason": "prettier"})
    assert Badge.objects.get(pk=neighbour.pk).icon == "star"
    take = reverse("admin:accounts_userbadge_take", args=[held.pk])
    assert browser.post(take, {"reason": "a mistake"}).status_code == 200  # shown once more
    assert browser.post(take, {"reason": "a mistake", "confirmed": "yes"}).status_code == 302
    assert not UserBadge.objects.filter(pk=held.pk).exists()


def test_lists_show_who_has_what_and_moderators_give_but_do_not_make(desk, moderator, neighbour, alice, now):
    hand(neighbour, moderator, now)
    browser = desk(moderator)
    assert "@alice" in browser.get(reverse("admin:accounts_userbadge_changelist")).content.decode()
    assert browser.get(reverse("admin:accounts_badge_hand", args=[neighbour.pk])).status_code == 200
    for refused in ("make", "reword"):
        args = [] if refused == "make" else [neighbour.pk]
        assert browser.get(reverse(f"admin:accounts_badge_{refused}", args=args)).status_code == 403
