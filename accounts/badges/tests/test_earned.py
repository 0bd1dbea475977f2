"""Badges that rules earn: each rule of this app, and how they are granted."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.badges import earnings, operations, queries
from accounts.badges.earnings import Earning
from accounts.badges.models import Badge, UserActivity, UserBadge
from accounts.members.models import User
from accounts.members.operations import suspend
from accounts.notifications.models import OwedNotice
from config.lib.tests.threads import together

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
TODAY = NOON.date()


@pytest.fixture
def only(monkeypatch):
    """Only these rules."""

    def chosen(*kept):
        found = {one.slug: one for one in kept} or {}
        monkeypatch.setattr(earnings, "_earnings", found)

    return chosen


def rule(slug):
    return next(one for one in earnings.OWN if one.slug == slug)


def held(member):
    rows = UserBadge.objects.filter(user=member).select_related("badge")
    return {row.badge.slug: row.times for row in rows}


def was_here(member, *days_ago):
    UserActivity.objects.bulk_create(UserActivity(user=member, day=TODAY - timedelta(days=n)) for n in days_ago)


# -- The rules ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_early_adopters_have_their_badge_from_the_start(alice, join):
    assert held(alice) == {"early-adopter": 1}
    assert not OwedNotice.objects.filter(type="badge").exists()  # they are being welcomed anyway


@pytest.mark.django_db
def test_early_adopter_is_mended_by_the_job(alice, bob, only):
    only(rule("early-adopter"))
    UserBadge.objects.all().delete()
    User.objects.filter(pk=bob.pk).update(is_early_adopter=False)
    assert operations.give_earned(at=NOON) == 1
    assert (held(alice), held(bob)) == ({"early-adopter": 1}, {})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("joined", "times"),
    [
        (datetime(2025, 11, 18, 12, 0, 1, tzinfo=UTC), 0),
        (datetime(2025, 11, 18, 12, 0, 0, tzinfo=UTC), 1),
        (datetime(2024, 11, 18, 12, 0, 1, tzinfo=UTC), 1),
        (datetime(2024, 2, 29, 0, 0, 0, tzinfo=UTC), 2),
        (datetime(2016, 1, 1, tzinfo=UTC), 10),
    ],
)
def test_a_year_here_counts_whole_years(alice, only, joined, times):
    only(rule("year-member"))
    User.objects.filter(pk=alice.pk).update(created_at=joined)
    operations.give_earned(at=NOON)
    assert held(alice).get("year-member", 0) == times


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days_ago", "sevens", "thirties"),
    [
        (range(6), 0, 0),
        (range(7), 1, 0),
        (range(1, 8), 1, 0),  # completed yesterday
        ([0, 1, 2, 4, 5, 6, 7], 0, 0),  # a gap
        (range(14), 2, 0),
        ([*range(7), *range(20, 27)], 2, 0),  # two runs
        ([*range(6), *range(8, 14)], 0, 0),  # twelve days, and no run of seven
        (range(30), 4, 1),
        (range(60), 8, 2),
    ],
)
def test_streaks_are_days_without_a_gap(alice, bob, only, days_ago, sevens, thirties):
    only(rule("streak-7"), rule("streak-30"))
    was_here(alice, *days_ago)
    was_here(bob, 0)
    operations.give_earned(at=NOON)
    assert (held(alice).get("streak-7", 0), held(alice).get("streak-30", 0)) == (sevens, thirties)
    assert set(held(bob)) == {"early-adopter"}


@pytest.mark.django_db
def test_a_streak_spans_the_change_of_the_year_and_a_leap_day(alice, only):
    only(rule("streak-7"))
    days = [date(2027, 12, 29) + timedelta(days=n) for n in range(7)]
    UserActivity.objects.bulk_create(UserActivity(user=alice, day=day) for day in days)
    operations.give_earned(at=datetime(2028, 1, 5, tzinfo=UTC))
    days = [date(2028, 2, 26) + timedelta(days=n) for n in range(7)]
    UserActivity.objects.bulk_create(UserActivity(user=alice, day=day) for day in days)
    operations.give_earned(at=datetime(2028, 3, 4, tzinfo=UTC))
    assert held(alice)["streak-7"] == 2


# -- Granting -------------------------------------------------------------------------------------


def once(slug="quiet", earned="SELECT id, 1 FROM accounts_user", **given):
    return Earning(slug=slug, name="Quiet", description="Said nothing.", icon="award", earned=earned, **given)


@pytest.mark.django_db
def test_a_badge_is_given_once_and_told_once(alice, bob, only):
    only(once())
    assert [operations.give_earned(at=NOON) for _run in range(3)] == [2, 0, 0]
    told = OwedNotice.objects.filter(type="badge")
    assert {(one.user_id, one.data["badge"]) for one in told} == {(alice.pk, "Quiet"), (bob.pk, "Quiet")}
    assert told.count() == 2


@pytest.mark.django_db
def test_a_badge_that_can_be_earned_again_counts_up_and_never_down(alice, only):
    for times, given in ((2, 1), (2, 0), (5, 1), (3, 0)):
        only(once(earned=f"SELECT id, {times} FROM accounts_user", is_repeatable=True))
        assert operations.give_earned(at=NOON) == given
    assert held(alice)["quiet"] == 5


@pytest.mark.django_db
def test_one_that_is_earned_once_stays_one_however_often_it_happened(alice, only):
    only(once(earned="SELECT id, 7 FROM accounts_user"))
    operations.give_earned(at=NOON)
    assert held(alice)["quiet"] == 1


@pytest.mark.django_db
def test_suspended_members_get_theirs_when_they_are_back(alice, moderator, only):
    only(once())
    suspend(member=alice, staff=moderator, reason="spam", at=NOON)
    operations.give_earned(at=NOON)
    assert "quiet" not in held(alice)
    User.objects.filter(pk=alice.pk).update(status="ACTIVE")
    operations.give_earned(at=NOON)
    assert held(alice)["quiet"] == 1


@pytest.mark.django_db
def test_the_words_of_a_badge_follow_its_rule(alice, only):
    only(once())
    operations.give_earned(at=NOON)
    only(Earning(slug="quiet", name="Silent", description="Said nothing at all.", icon="star", earned=once().earned))
    operations.give_earned(at=NOON)
    badge = Badge.objects.get(slug="quiet")
    assert (badge.name, badge.description, badge.icon, badge.is_custom) == (
        "Silent",
        "Said nothing at all.",
        "star",
        False,
    )


@pytest.mark.django_db
def test_the_job_takes_as_many_statements_for_many_as_for_one(join, only, django_assert_num_queries):
    for number in range(5):
        join(f"member_{number}")
    only(once())
    operations.give_earned(at=NOON)
    UserBadge.objects.filter(badge__slug="quiet").delete()
    with django_assert_num_queries(5):  # savepoint, badge, grant, notices, release
        assert operations.give_earned(at=NOON) == 5


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_four_jobs_at_once_give_and_tell_each_badge_once(join, only):
    members = [join(f"member_{number}") for number in range(6)]
    only(once(), once("louder", "SELECT id, 3 FROM accounts_user", is_repeatable=True))
    outcomes = together(*[lambda: operations.give_earned(at=timezone.now())] * 4)
    assert sum(outcomes) == 12
    assert UserBadge.objects.filter(badge__slug__in=["quiet", "louder"]).count() == 12
    assert OwedNotice.objects.filter(type="badge").count() == 12
    assert {held(member)["louder"] for member in members} == {3}


def test_two_different_rules_cannot_have_one_slug(only):
    only()
    earnings.register(once())
    earnings.register(once())
    with pytest.raises(ValueError, match="quiet"):
        earnings.register(once(earned="SELECT 1"))


@pytest.mark.django_db
def test_every_registered_rule_is_good_sql_and_has_an_icon_that_exists(alice, settings):
    sprite = (settings.BASE_DIR / "static/icons/sprite.svg").read_text()
    assert {one.slug for one in earnings.OWN} < {one.slug for one in earnings.registered()}
    for one in earnings.registered():
        assert f'id="{one.icon}"' in sprite, one.slug
    operations.give_earned(at=NOON)


@pytest.mark.django_db
def test_a_page_s_badges_in_the_order_in_which_they_were_earned(alice, bob, only, django_assert_num_queries):
    only(rule("early-adopter"), once())
    operations.give_earned(at=timezone.now() + timedelta(days=1))
    with django_assert_num_queries(1):
        worn = queries.badges_of(alice)
    assert [(one.slug, str(one.name), one.times) for one in worn] == [
        ("early-adopter", "Early adopter", 1),
        ("quiet", "Quiet", 1),
    ]


# -- Activity -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_activity_is_one_row_per_member_and_day_and_a_time_every_four_minutes(alice):
    start = datetime(2026, 11, 18, 23, 50, tzinfo=UTC)
    noted = []
    for minute in range(0, 20, 2):
        operations.note_activity(member=alice, at=start + timedelta(minutes=minute))
        noted.append(User.objects.get(pk=alice.pk).last_active_at.minute)
    assert noted == [50, 50, 54, 54, 58, 0, 0, 4, 4, 8]  # midnight begins a new day, and a new row
    assert [row.day.day for row in UserActivity.objects.filter(user=alice).order_by("day")] == [18, 19]
