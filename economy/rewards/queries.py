"""Reads of rewards: the rules with a member's progress, their own rewards, and what each was for."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.badges.models import UserActivity
from accounts.members.models import User
from config.lib.money import ZERO
from config.lib.pagination import Keyset
from economy.rewards import rules, triggers
from economy.rewards.models import Reward, RewardRule
from economy.rewards.triggers import Trigger

NEWEST = Keyset("-id")


@dataclass(frozen=True)
class Progress:
    """A rule in force, and how far a member has come with it. `free_at` is the end of a cool-down under way."""

    rule: RewardRule
    trigger: Trigger
    got_today: Decimal
    got_this_week: Decimal
    free_at: datetime | None
    is_open: bool  # whether the next cause would be paid
    is_had: bool  # whether it can be had once in all, and the member has had it
    steps: tuple[int, int] | None  # so many of so many, where the trigger counts towards the next one


def rules_in_force() -> list[RewardRule]:
    """The rules that are on and whose room is there, by slug."""
    known = [trigger.slug for trigger in triggers.registered()]
    return list(RewardRule.objects.filter(is_on=True, trigger__in=known).order_by("slug"))


def progress_of(member: User, *, at: datetime) -> list[Progress]:
    """Each rule in force with what the member has of its caps. Few queries. What is on its way does not count yet."""
    day, week = rules.day_and_week(at)
    mine = Reward.objects.filter(user=member).exclude(status=Reward.Status.SKIPPED)
    paid = Q(status=Reward.Status.PAID)
    got: dict[Any, dict[str, Any]] = {
        row["rule"]: dict(row)
        for row in mine.values("rule").annotate(
            today=Sum("amount", filter=paid & _within(day, day + timedelta(days=1)), default=ZERO),
            this_week=Sum("amount", filter=paid & _within(week, week + timedelta(days=7)), default=ZERO),
            last=Max("happened_at", filter=paid),
        )
    }
    return [_progress(member, rule, got.get(rule.pk, {}), at) for rule in rules_in_force()]


def _within(start: datetime, end: datetime) -> Q:
    return Q(happened_at__gte=start, happened_at__lt=end)


def _progress(member: User, rule: RewardRule, got: dict[str, Any], at: datetime) -> Progress:
    trigger = triggers.of(rule.trigger)
    assert trigger is not None  # noqa: S101 - rules_in_force knows them all
    today, this_week = got.get("today", ZERO), got.get("this_week", ZERO)
    free_at = None
    if rule.cool_down_minutes and got.get("last"):
        free_at = got["last"] + timedelta(minutes=rule.cool_down_minutes)
    is_open = rules.is_open(
        rule.amount,
        left_today=rules.left_of(rule.daily_cap, today),
        left_this_week=rules.left_of(rule.weekly_cap, this_week),
        free_at=free_at,
        at=at,
    )
    return Progress(
        rule=rule,
        trigger=trigger,
        got_today=today,
        got_this_week=this_week,
        free_at=free_at if free_at and free_at > at else None,
        is_open=is_open,
        is_had=trigger.is_once and bool(got),
        steps=trigger.steps(member, at) if trigger.steps is not None else None,
    )


def days_in_a_row(member: User, at: datetime) -> tuple[int, int]:
    """How many days up to today count for the next streak, of how many. Those of the last one do not."""
    last = (
        Reward.objects.filter(user=member, cause_type="activity", rule__trigger=rules.STREAK)
        .order_by("-happened_at")
        .values_list("happened_at", flat=True)
        .first()
    )
    since = at.date() - timedelta(days=rules.STREAK_DAYS)
    if last is not None:
        since = max(since, last.date())
    days = set(UserActivity.objects.filter(user=member, day__gt=since).values_list("day", flat=True))
    return rules.in_a_row(days, today=at.date()), rules.STREAK_DAYS


def rewards_of(member: User) -> QuerySet[Reward]:
    """A member's rewards; slice them with NEWEST."""
    return Reward.objects.filter(user=member).select_related("rule")


def why(reward: Reward) -> str:
    """The sentence of a reward: "You got this for your first post.", or why it was not paid or went back."""
    trigger = triggers.of(reward.rule.trigger)
    reason = trigger.why if trigger is not None else _("under the rule %(slug)s") % {"slug": reward.rule.slug}
    if reward.status == Reward.Status.OWED:
        return _("You get this %(reason)s as soon as the treasury pays it.") % {"reason": reason}
    if reward.status == Reward.Status.SKIPPED:
        return _("Meant %(reason)s, but not paid: %(because)s.") % {
            "reason": reason,
            "because": reward.get_skipped_for_display(),
        }
    if reward.status == Reward.Status.TAKEN_BACK:
        return _("Given %(reason)s; it went back because what it was for was removed.") % {"reason": reason}
    return _("You got this %(reason)s.") % {"reason": reason}


def addresses_of(rewards: Iterable[Reward]) -> dict[UUID, str]:
    """Where the causes of these rewards are, by id of the cause; one query per kind of cause."""
    wanted: dict[str, set[UUID]] = {}
    for reward in rewards:
        wanted.setdefault(reward.rule.trigger, set()).add(reward.cause_id)
    found: dict[UUID, str] = {}
    for slug, ids in wanted.items():
        trigger = triggers.of(slug)
        if trigger is not None and trigger.look_up is not None:
            found.update(trigger.look_up(ids))
    return found


def causes(ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """For the statement: rewards by id → what each was for, and where that is (or the page of rewards)."""
    rewards = list(Reward.objects.filter(pk__in=ids).select_related("rule"))
    addresses = addresses_of(rewards)
    home = reverse("economy:my_rewards")
    return {reward.pk: (why(reward), addresses.get(reward.cause_id, home)) for reward in rewards}
