"""Reads about the stipend: who is eligible and wants what, a member's history, totals per week."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from psycopg import sql

from accounts.badges.models import UserActivity
from accounts.members.models import User
from accounts.wallets.models import Wallet
from config.lib.money import ZERO
from config.lib.pagination import Keyset
from config.lib.periods import Period
from config.lib.runtime import figures
from economy.ledger.models import Fund
from economy.ledger.queries import fund_balances
from economy.stipend import rules
from economy.stipend.models import StipendDistribution, StipendRun
from economy.tax.models import RunStatus

HISTORY = Keyset("-id")

# Until an app registers where tips are settled, nobody has any.
_NO_TIPS = "SELECT NULL::uuid, NULL::uuid, 0.00 LIMIT 0"
_settled_tips: list[str] = []


def register_settled_tips(select: str) -> None:
    """Register where settled tips are found; called from a higher app's `ready()`, because this one cannot know it.

    `select` is SQL with three columns, giver's member id, receiver's member id, coins, for the tips settled at or after
    %(start)s and before %(end)s. Coins are what the receiver got of the tip (its creator's share), not all that the
    giver spent: "tips settled to them" are what reached them; what was burned or went to the treasury did not.
    """
    if select not in _settled_tips:
        _settled_tips.append(select)


def settled_tips() -> sql.Composable:
    """What was registered, as one SELECT of giver, receiver, coins; its parameters are start and end."""
    return sql.SQL(" UNION ALL ").join([sql.SQL(f"({select})") for select in _settled_tips or [_NO_TIPS]])


# One row per eligible member: status active, phone verified, joined before the period's end, active on a day of it.
_WANTED = sql.SQL(
    """
    WITH settled (giver, receiver, coins) AS ({tips}),
    pair AS (
      SELECT least(giver, receiver) AS one, greatest(giver, receiver) AS other,
          sum(CASE WHEN receiver > giver THEN coins ELSE -coins END) AS to_other
        FROM settled GROUP BY 1, 2
    ),
    counted AS (
      SELECT CASE WHEN to_other > 0 THEN other ELSE one END AS member, sum(least(abs(to_other), %(pair_max)s)) AS coins
        FROM pair WHERE to_other <> 0 GROUP BY 1
    ),
    wanted AS (
      SELECT w.id AS wallet, %(base)s::numeric AS base,
          least(trunc(coalesce(c.coins, 0) * %(engagement_share)s, 2), %(engagement_max)s) AS engagement,
          CASE WHEN u.created_at >= %(end)s - interval '28 days' THEN greatest(%(newcomer)s + 1
                 - ceil(extract(epoch FROM %(end)s - u.created_at) / 604800), 0)
               ELSE 0 END AS new_member,
          coalesce(c.coins, 0) AS coins
        FROM accounts_user u
        JOIN accounts_wallet w ON w.user_id = u.id
        LEFT JOIN counted c ON c.member = u.id
        WHERE u.status = 'ACTIVE' AND u.phone_verified_at IS NOT NULL AND u.created_at < %(end)s
          AND EXISTS (SELECT 1 FROM accounts_useractivity a
            WHERE a.user_id = u.id AND a.day >= %(first_day)s AND a.day <= %(last_day)s)
    )
    """
)


def wanted(*, start: datetime, end: datetime) -> tuple[sql.Composable, dict[str, Any]]:
    """The beginning of a statement whose CTE `wanted` holds what every eligible member wants, and its parameters.

    Columns: wallet, base, engagement, new_member (coins before scaling), coins (the tips that count). The figures are
    those of now.
    """
    now = figures()
    tips = settled_tips()
    parameters = {
        "start": start,
        "end": end,
        "first_day": start.date(),
        "last_day": (end - timedelta(microseconds=1)).date(),
        "base": now.STIPEND_BASE,
        "pair_max": now.STIPEND_PAIR_MAX,
        "engagement_share": now.STIPEND_ENGAGEMENT_SHARE,
        "engagement_max": now.STIPEND_ENGAGEMENT_MAX,
        "newcomer": now.STIPEND_NEW_MEMBER_BONUS,
    }
    return _WANTED.format(tips=tips), parameters


@dataclass(frozen=True)
class Outlook:
    """What a member would want of the next run as things stand, and the scale of the last one."""

    period: Period
    is_eligible: bool
    tips: Decimal
    wanted: rules.Wanted
    last_scale: Decimal | None


def outlook(member: User, *, at: datetime) -> Outlook:
    """The next run's forecast for a member. Three queries, whatever others do."""
    now, period = figures(), Period.of(at)
    tips = sql.SQL(" UNION ALL ").join([sql.SQL(f"({select})") for select in _settled_tips or [_NO_TIPS]])
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                """
                SELECT giver, receiver, sum(coins) FROM ({tips}) AS settled (giver, receiver, coins)
                  WHERE giver = %(member)s OR receiver = %(member)s GROUP BY 1, 2
                """
            ).format(tips=tips),
            {"member": member.pk, "start": period.start, "end": period.end},
        )
        counted = rules.counted(cursor.fetchall(), pair_max=now.STIPEND_PAIR_MAX).get(member.pk, ZERO)
    wanted = rules.Wanted(
        base=now.STIPEND_BASE,
        engagement=rules.engagement_bonus(counted, share=now.STIPEND_ENGAGEMENT_SHARE, most=now.STIPEND_ENGAGEMENT_MAX),
        new_member=rules.new_member_bonus(joined=member.created_at, end=period.end, first=now.STIPEND_NEW_MEMBER_BONUS),
    )
    was_here = UserActivity.objects.filter(user=member, day__gte=period.start.date(), day__lt=period.end.date())
    last = StipendRun.objects.order_by("-period_start").values_list("scale", flat=True).first()
    return Outlook(
        period=period,
        is_eligible=member.status == User.Status.ACTIVE and member.phone_verified_at is not None and was_here.exists(),
        tips=counted,
        wanted=wanted,
        last_scale=last,
    )


def distributions_of(wallet: Wallet) -> QuerySet[StipendDistribution]:
    """What a wallet got week by week, with the runs, to be read in the order of HISTORY (newest first)."""
    return StipendDistribution.objects.filter(wallet=wallet, paid_at__isnull=False).select_related("run")


def is_paid(period: Period) -> bool:
    """Whether the run of a week is complete."""
    return StipendRun.objects.filter(period=period.key, status=RunStatus.DONE).exists()


def weekly_totals(*, weeks: int = 26) -> list[StipendRun]:
    """The latest complete runs, oldest first: budget, wanted, paid and members per week, for charts."""
    latest = StipendRun.objects.filter(status=RunStatus.DONE).order_by("-period_start")[:weeks]
    return list(reversed(latest))


@dataclass(frozen=True)
class Preview:
    """What a run would still pay: to how many, what they want, the most it may pay, what it would pay."""

    members: int
    wanted: Decimal
    budget: Decimal
    paid: Decimal


_ZERO = Decimal("0.00")


def preview(*, period: Period, end: datetime, tax_to_come: Decimal) -> Preview:
    """What the run of a week would pay if it went on now, with a treasury that holds `tax_to_come` more by then.

    A run that has begun keeps what it has found: its members, budget and scale.
    """
    run = StipendRun.objects.filter(period=period.key).first()
    if run is not None and run.status == RunStatus.DONE:
        return Preview(0, _ZERO, _ZERO, _ZERO)
    if run is not None:
        return Preview(*_still_owed(run))
    treasury = fund_balances()[Fund.TREASURY] + tax_to_come
    budget = rules.budget(treasury, share=figures().STIPEND_POOL_SHARE)
    statement, parameters = wanted(start=period.start, end=end)
    with connection.cursor() as cursor:
        cursor.execute(
            statement
            + sql.SQL(
                """
                , whole AS (SELECT coalesce(sum(base + engagement + new_member), 0.00) AS total FROM wanted)
                SELECT count(wanted.wallet), max(whole.total), coalesce(sum(
                    economy_scaled(base, %(budget)s, total) + economy_scaled(engagement, %(budget)s, total)
                    + economy_scaled(new_member, %(budget)s, total)), 0.00)
                  FROM whole LEFT JOIN wanted ON true
                """
            ),
            {**parameters, "budget": budget},
        )
        members, total, paid = cursor.fetchone()
    return Preview(members, total, budget, paid)


def _still_owed(run: StipendRun) -> tuple[int, Decimal, Decimal, Decimal]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*), coalesce(sum(wanted_base + wanted_engagement + wanted_new_member), 0.00), %(budget)s,
                coalesce(sum(economy_scaled(wanted_base, %(budget)s, %(wanted)s)
                  + economy_scaled(wanted_engagement, %(budget)s, %(wanted)s)
                  + economy_scaled(wanted_new_member, %(budget)s, %(wanted)s)), 0.00)
              FROM economy_stipenddistribution WHERE run_id = %(run)s AND paid_at IS NULL
            """,
            {"run": run.pk, "budget": run.budget, "wanted": run.total_wanted},
        )
        return cursor.fetchone()
