"""Rewards on their page, in the API, in the admin, in notices and in a copy of one's data."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.badges.models import UserActivity
from accounts.departures import parts
from accounts.notifications.models import Notification
from accounts.notifications.operations import gather
from economy.cycle.tests.weeks import fill_treasury
from economy.rewards import operations, queries, tasks, triggers
from economy.rewards.models import Reward, RewardRule

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(alice, rule, owed, now):
    """A reward of alice that is paid, under a rule with a cap."""
    fill_treasury("100.00")
    rule("streak-7", "3.00", daily_cap="6.00", weekly_cap="9.00", cool_down_minutes=0)
    reward = owed(alice, "streak-7", at=now)
    operations.pay_rewards(at=now)
    reward.refresh_from_db()
    return reward


def test_the_page_shows_rules_progress_and_why(client, alice, paid):
    client.force_login(alice)
    page = client.get("/wallet/rewards/").content.decode()
    assert "Seven days in a row" in page
    assert "3.00 of 6.00 coins" in page
    assert "3.00 of 9.00 coins" in page
    assert "You got this for being here seven days in a row." in page


def test_the_page_says_why_something_was_not_paid(client, alice, paid, owed, now):
    for _number in range(2):
        owed(alice, "streak-7", at=now)
    operations.pay_rewards(at=now)
    client.force_login(alice)
    page = client.get("/wallet/rewards/").content.decode()
    assert "the day&#x27;s most was reached" in page
    assert "You have had the most of it for now." in page


def test_the_empty_page_says_what_to_do(client, alice):
    client.force_login(alice)
    page = client.get(reverse("economy:my_rewards"))
    assert page.status_code == 200
    assert "No rewards yet" in page.content.decode()


def test_visitors_sign_in_first(client):
    assert client.get("/wallet/rewards/").status_code == 302
    assert client.get("/api/v1/me/rewards").status_code == 401


def test_mallory_sees_nothing_of_alices(client, api, mallory, paid):
    client.force_login(mallory)
    assert "No rewards yet" in client.get("/wallet/rewards/").content.decode()
    assert api(mallory).get("/api/v1/me/rewards").json()["results"] == []


def test_the_page_costs_the_same_however_many_there_are(client, alice, paid, owed, now):
    client.force_login(alice)
    client.get("/wallet/rewards/")
    with CaptureQueriesContext(connection) as with_one:
        client.get("/wallet/rewards/")
    for number in range(15):
        owed(alice, "streak-7", at=now + timedelta(days=number))
    with CaptureQueriesContext(connection) as with_many:
        client.get("/wallet/rewards/")
    assert len(with_many) == len(with_one)


def test_my_rewards_in_the_api(api, alice, paid):
    (row,) = api(alice).get("/api/v1/me/rewards").json()["results"]
    assert (row["rule"], row["amount"], row["status"]) == ("streak-7", "3.00", "PAID")
    assert row["why"] == "You got this for being here seven days in a row."
    assert row["transfer_id"] == str(paid.transfer_id)


@pytest.mark.parametrize("cursor", ["x", "W10", "%00", "9" * 600])
def test_a_cursor_of_ones_own_making_is_answered(api, alice, client, cursor):
    assert api(alice).get(f"/api/v1/me/rewards?cursor={cursor}").status_code == 400
    client.force_login(alice)
    assert client.get(f"/wallet/rewards/?cursor={cursor}").status_code == 200


def test_the_rules_are_public_and_only_those_in_force(api, rule):
    rule("streak-7", "3.00", weekly_cap="3.00")
    rule("first-post", "5.00", is_on=False)
    rule("nobody-knows", "9.00")
    assert api().get("/api/v1/economy/reward-rules").json() == [
        {
            "slug": "streak-7",
            "trigger": "streak-7",
            "amount": "3.00",
            "daily_cap": None,
            "weekly_cap": "3.00",
            "minimum_length": 0,
            "cool_down_minutes": 0,
        }
    ]


def test_members_hear_of_rewards_and_of_those_that_go_back(alice, paid, now):
    gather(at=now)
    told = Notification.objects.get(user=alice, type="reward")
    assert (told.title, told.message) == (
        "Reward: 3.00",
        "You got this for being here seven days in a row.",
    )
    operations.withdraw(cause=(paid.cause_type, paid.cause_id), at=now)
    operations.take_back_rewards(at=now)
    gather(at=now)
    assert Notification.objects.filter(user=alice, title="A reward went back: 3.00").exists()


def test_the_statement_can_say_what_a_reward_was_for(paid):
    assert queries.causes([paid.pk]) == {
        paid.pk: ("You got this for being here seven days in a row.", "/wallet/rewards/")
    }


def test_a_copy_of_ones_data_holds_them(alice, mallory, paid):
    part = next(part for part in parts.parts() if part.name == "rewards")
    assert [row["for_what"] for row in part.rows(alice)] == ["streak-7"]
    assert list(part.rows(mallory)) == []


def test_the_jobs_do_it(alice, rule, owed):
    fill_treasury("100.00")
    rule("streak-7", "3.00")
    reward = owed(alice, "streak-7", at=timezone.now())
    tasks.owe_streaks()
    tasks.pay_rewards()
    reward.refresh_from_db()
    assert reward.status == Reward.Status.PAID


def test_two_different_triggers_of_one_name_are_refused():
    with pytest.raises(ValueError, match="streak-7"):
        triggers.register(triggers.Trigger("streak-7", "other", "for something else", "post"))


FIGURES = {
    "amount": "4.50",
    "daily_cap": "9.00",
    "weekly_cap": "",
    "minimum_length": "0",
    "cool_down_minutes": "30",
    "is_on": "on",
    "reason": "The treasury is full",
}


def figures_page(rule):
    return f"/admin/economy/rewardrule/{rule.pk}/figures/"


def test_an_admin_changes_a_rule_with_a_reason(client, admin_member, rule):
    made = rule("streak-7", "3.00")
    client.force_login(admin_member)
    assert 'value="3.00"' in client.get(figures_page(made)).content.decode()
    assert client.post(figures_page(made), FIGURES).status_code == 302
    made.refresh_from_db()
    assert (made.amount, made.daily_cap, made.weekly_cap, made.cool_down_minutes) == (D("4.50"), D("9.00"), None, 30)


@pytest.mark.parametrize(
    "wrong", [{"reason": ""}, {"amount": "0"}, {"daily_cap": "1.00"}, {"amount": "1e3"}, {"cool_down_minutes": "-1"}]
)
def test_figures_that_make_no_sense_change_nothing(client, admin_member, rule, wrong):
    made = rule("streak-7", "3.00")
    client.force_login(admin_member)
    assert client.post(figures_page(made), {**FIGURES, **wrong}).status_code == 422
    made.refresh_from_db()
    assert made.amount == D("3.00")


def test_moderators_look_and_change_nothing(client, moderator, mallory, rule, paid):
    made = RewardRule.objects.get(slug="streak-7")
    client.force_login(moderator)
    assert client.get("/admin/economy/reward/").status_code == 200
    assert client.post(figures_page(made), FIGURES).status_code == 403
    client.force_login(mallory)
    assert client.post(figures_page(made), FIGURES).status_code in (302, 403, 404)
    made.refresh_from_db()
    assert made.amount == D("3.00")


def test_the_page_counts_the_days_towards_a_streak_and_not_those_of_the_last_one(alice, rule, now):
    rule("streak-7", "3.00")
    today = now.date()
    for back in range(9, -1, -1):
        UserActivity.objects.get_or_create(
            user=alice, day=today - timedelta(days=back), defaults={"created_at": now - timedelta(days=back)}
        )
    assert queries.days_in_a_row(alice, now) == (7, 7)
    operations.owe_streaks(at=now - timedelta(days=2))  # days 9 to 3 before today
    assert queries.days_in_a_row(alice, now) == (3, 7)
