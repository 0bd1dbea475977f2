"""Writes of rewards. Owing and withdrawing are part of the caller's transaction; paying and taking back are jobs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.members.models import User
from accounts.notifications.operations import nudge_after_commit
from config.lib.ids import uuid7_at
from config.lib.refusals import NotAllowed, Refused
from config.lib.runtime import figures
from economy.rewards import triggers
from economy.rewards.models import RewardRule
from economy.rewards.rules import STREAK, STREAK_DAYS

CHUNK = 1_000

# What staff may change of a rule; the trigger stays, or rewards of the past would seem to be for something else.
CHANGEABLE = ("amount", "daily_cap", "weekly_cap", "minimum_length", "cool_down_minutes", "is_on")


class UnusableRule(Refused):
    """The figures of a rule contradict each other."""

    slug = "unusable-rule"
    title = _("This rule cannot be used")
    sentence = _("A rule needs an amount above 0.00, and caps that leave room for at least one reward.")


def owe(*, trigger: str, member: User, cause: tuple[str, UUID], at: datetime, length: int = 0) -> None:
    """Owe a member the reward of every rule in force for a trigger; part of the transaction of its cause.

    `cause` is the row that it is for (kind, id): it counts once per rule, however often this is called. `length` is in
    characters, where the cause is a text. Whether it is paid, and when, is decided by the job.
    """
    cause_type, cause_id = cause
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO economy_reward (id, created_at, updated_at, rule_id, user_id, cause_type, cause_id, happened_at,
                length, amount, status, skipped_for, taken_back, written_off)
              SELECT civitas_uuid7(%(at)s), %(at)s, %(at)s, x.id, %(member)s, %(type)s, %(cause)s, %(at)s, %(length)s,
                  x.amount, 'OWED', '', 0, 0
                FROM economy_rewardrule x WHERE x.trigger = %(trigger)s AND x.is_on
              ON CONFLICT (rule_id, cause_type, cause_id) DO NOTHING
            """,
            {
                "at": at,
                "member": member.pk,
                "type": cause_type,
                "cause": cause_id,
                "length": length,
                "trigger": trigger,
            },
        )


def withdraw(*, cause: tuple[str, UUID], at: datetime) -> None:
    """A cause is removed: what is owed for it is not paid, and what was paid goes back if it is younger than
    REWARD_TAKE_BACK_HOURS. Part of the transaction of the removal; the job moves the coins.
    """
    cause_type, cause_id = cause
    # The job may be paying at this moment: then this waits, and finds the reward paid.
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE economy_reward SET removed_at = %(at)s,
                status = CASE WHEN status = 'OWED' THEN 'SKIPPED' ELSE status END,
                skipped_for = CASE WHEN status = 'OWED' THEN 'REMOVED' ELSE skipped_for END
              WHERE cause_id = %(cause)s AND cause_type = %(type)s AND removed_at IS NULL
                AND (status = 'OWED' OR status = 'PAID' AND happened_at > %(since)s)
            """,
            {
                "at": at,
                "since": at - timedelta(hours=figures().REWARD_TAKE_BACK_HOURS),
                "cause": cause_id,
                "type": cause_type,
            },
        )


def pay_rewards(*, at: datetime, chunk: int = CHUNK, progress: Callable[[int], None] = lambda paid: None) -> Decimal:
    """Pay what is owed, oldest first, as far as the treasury goes; how many coins.

    Chunks commit apart. Safe to repeat, to race and to kill: a reward is paid in the transaction that marks it.
    """
    coins = Decimal("0.00")
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT decided, paid, coins FROM economy_pay_rewards(%s, %s)", [at, chunk])
            decided, paid, paid_now = cursor.fetchone()
            if paid:
                nudge_after_commit()
        coins += paid_now
        progress(paid)
        if not decided:
            return coins


def take_back_rewards(*, at: datetime, chunk: int = CHUNK) -> int:
    """Take back paid rewards whose cause was removed in time; how many. Safe to repeat, to race and to kill."""
    taken = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT economy_take_back_rewards(%s, %s)", [at, chunk])
            (taken_now,) = cursor.fetchone()
            if taken_now:
                nudge_after_commit()
        taken += taken_now
        if not taken_now:
            return taken


def owe_streaks(*, at: datetime) -> int:
    """Owe the reward of every seven days in a row that ended within the last week, today not counted; how many.

    The cause is the last day's UserActivity. Days that have counted for one streak count for no other: whoever is here
    every day has one a week. Days that a job has missed are looked at again.
    """
    today = at.date()
    owed = 0
    for back in range(STREAK_DAYS, 0, -1):
        last = today - timedelta(days=back)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO economy_reward (id, created_at, updated_at, rule_id, user_id, cause_type, cause_id,
                    happened_at, length, amount, status, skipped_for, taken_back, written_off)
                  SELECT civitas_uuid7(%(at)s), %(at)s, %(at)s, x.id, streak.user_id, 'activity', streak.last_id,
                      streak.ended_at, 0, x.amount, 'OWED', '', 0, 0
                    FROM economy_rewardrule x CROSS JOIN (
                      SELECT a.user_id, max(a.created_at) AS ended_at,
                          (array_agg(a.id ORDER BY a.day DESC))[1] AS last_id
                        FROM accounts_useractivity a
                        WHERE a.day > %(before)s AND a.day <= %(last)s
                        GROUP BY a.user_id HAVING count(*) = %(days)s
                    ) AS streak
                    WHERE x.trigger = %(trigger)s AND x.is_on AND NOT EXISTS (
                      SELECT FROM economy_reward r JOIN accounts_useractivity b ON b.id = r.cause_id
                        WHERE r.rule_id = x.id AND r.user_id = streak.user_id AND r.cause_type = 'activity'
                          AND b.day > %(before)s AND b.day < %(after)s)
                  ON CONFLICT (rule_id, cause_type, cause_id) DO NOTHING
                """,
                {
                    "at": at,
                    "before": last - timedelta(days=STREAK_DAYS),
                    "last": last,
                    "after": last + timedelta(days=STREAK_DAYS),
                    "days": STREAK_DAYS,
                    "trigger": STREAK,
                },
            )
            owed += cursor.rowcount
    return owed


@transaction.atomic
def change_rule(*, staff: User, rule: RewardRule, changes: dict[str, Any], at: datetime) -> RewardRule:
    """Change what a rule is worth and how often; owed rewards keep the amount that was promised.

    May refuse with NotAllowed (not an admin), UnusableRule.
    """
    if not staff.is_superuser or set(changes) - set(CHANGEABLE):
        raise NotAllowed()
    rule = RewardRule.objects.select_for_update(no_key=True).get(pk=rule.pk)
    for name, value in changes.items():
        setattr(rule, name, value)
    _must_be_usable(rule)
    rule.save(update_fields=list(changes))
    return rule


@transaction.atomic
def add_rule(*, staff: User, slug: str, trigger: str, changes: dict[str, Any], at: datetime) -> RewardRule:
    """Add a rule for a trigger that a room has registered.

    May refuse with NotAllowed (not an admin), UnusableRule (also for an unknown trigger or a slug that is taken).
    """
    if not staff.is_superuser or set(changes) - set(CHANGEABLE):
        raise NotAllowed()
    if triggers.of(trigger) is None:
        raise UnusableRule(_("Nothing here causes %(trigger)s.") % {"trigger": trigger})
    if RewardRule.objects.filter(slug=slug).exists():
        raise UnusableRule(_("There is a rule of that name."))
    rule = RewardRule(id=uuid7_at(at), created_at=at, updated_at=at, slug=slug, trigger=trigger, **changes)
    _must_be_usable(rule)
    rule.save(force_insert=True)
    return rule


def _must_be_usable(rule: RewardRule) -> None:
    caps = [cap for cap in (rule.daily_cap, rule.weekly_cap) if cap is not None]
    if rule.amount <= 0 or any(cap < rule.amount for cap in caps):
        raise UnusableRule()
