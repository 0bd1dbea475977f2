"""The state of the economy, read set-based from the ledger's own figures."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum

from accounts.badges.models import UserActivity
from accounts.members.models import Page, User
from accounts.wallets.models import Wallet
from config.lib.money import ZERO
from economy.ledger.models import Fund
from economy.ledger.queries import fund_balances
from economy.observatory.models import EconomySnapshot, SystemState
from economy.stipend.models import StipendRun
from economy.tax.models import RunStatus, TaxBracket, TaxRun

LORENZ_POINTS = 50

Counts = Callable[[], dict[str, int]]
_counters: list[Counts] = []


def counted_by(counter: Counts) -> None:
    """Register who counts what higher apps hold: {"posts": …} or {"comments": …}."""
    if counter not in _counters:
        _counters.append(counter)


@dataclass(frozen=True)
class State:
    """The economy at one moment. Amounts are coins; `ever_created` = in_wallets + all funds but issuance."""

    in_wallets: Decimal
    on_content: Decimal
    in_orders: Decimal
    treasury: Decimal
    burned: Decimal
    paid_out: Decimal
    ever_created: Decimal
    members: int
    active_today: int
    posts: int
    comments: int


def state(at: datetime) -> State:
    """The economy now, from balances and funds; counts as of now, activity of the UTC day of `at`."""
    funds = fund_balances()
    counts = {"posts": 0, "comments": 0}
    for counter in _counters:
        counts |= counter()
    return State(
        in_wallets=Wallet.objects.aggregate(total=Sum("balance"))["total"] or ZERO,
        on_content=funds[Fund.CONTENT],
        in_orders=funds[Fund.ORDERS],
        treasury=funds[Fund.TREASURY],
        burned=funds[Fund.BURNED],
        paid_out=funds[Fund.PAYOUT],
        ever_created=-funds[Fund.ISSUANCE],
        members=User.objects.exclude(status__in=[User.Status.CLOSED, User.Status.ERASED]).count(),
        active_today=UserActivity.objects.filter(day=at.astimezone(UTC).date()).count(),
        posts=counts["posts"],
        comments=counts["comments"],
    )


def job_times() -> dict[str, datetime | None]:
    """When each job last completed, by name; None for never."""
    row = SystemState.objects.first() or SystemState()
    names = ("tax_collection", "stipend_distribution", "decay_run", "queue_update", "settlement", "analytics_update")
    return {f"last_{name}_at": getattr(row, f"last_{name}_at") for name in names}


def lorenz() -> list[tuple[float, float]]:
    """The Lorenz curve of all balances: LORENZ_POINTS + 1 points (share of members, share of coins), poorest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH ranked AS (
              SELECT balance, ntile(%s) OVER (ORDER BY balance) AS part FROM accounts_wallet w
                WHERE NOT EXISTS (SELECT FROM accounts_user u WHERE u.id = w.user_id AND u.status = 'ERASED')
            ), parts AS (
              SELECT part, count(*) AS members, sum(balance) AS coins FROM ranked GROUP BY part
            )
            SELECT sum(members) OVER (ORDER BY part)::float / sum(members) OVER (),
              coalesce(sum(coins) OVER (ORDER BY part)::float / nullif(sum(coins) OVER (), 0), 0)
            FROM parts ORDER BY part
            """,
            [LORENZ_POINTS],
        )
        return [(0.0, 0.0), *((float(members), float(coins)) for members, coins in cursor.fetchall())]


def moved_on(day: date) -> Decimal:
    """Coins that left wallets for other members or their content on a UTC day."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(-sum(amount), 0) FROM economy_posting
            WHERE id >= civitas_first_id(%(start)s) AND id < civitas_first_id(%(end)s)
              AND wallet_id IS NOT NULL AND amount < 0 AND kind NOT IN ('TAX', 'WITHDRAWAL', 'LEFT_BEHIND')
            """,
            {"start": start, "end": start + timedelta(days=1)},
        )
        return cursor.fetchone()[0]


def snapshots(*, days: int, until: date) -> QuerySet[EconomySnapshot]:
    """The daily figures of the last `days` days, oldest first."""
    return EconomySnapshot.objects.filter(day__gt=until - timedelta(days=days), day__lte=until).order_by("day")


def weeks(*, most: int) -> list[dict[str, Any]]:
    """Tax and stipend per week, oldest first: period, tax, payers, stipend, receivers."""
    taxes = {run.period: run for run in TaxRun.objects.filter(status=RunStatus.DONE).order_by("-period")[:most]}
    stipends = {run.period: run for run in StipendRun.objects.filter(status=RunStatus.DONE).order_by("-period")[:most]}
    return [
        {
            "period": period,
            "tax": taxes[period].total_tax if period in taxes else ZERO,
            "payers": taxes[period].payers if period in taxes else 0,
            "stipend": stipends[period].total_paid if period in stipends else ZERO,
            "receivers": stipends[period].members if period in stipends else 0,
        }
        for period in sorted({*taxes, *stipends})[-most:]
    ]


def brackets() -> list[TaxBracket]:
    """The bracket table in force, lowest first."""
    return list(TaxBracket.objects.order_by("lower"))


def richest(*, most: int) -> list[Wallet]:
    """The largest wallets of members who have not hidden themselves, with their primary page as `page`. Two queries."""
    wallets = list(
        Wallet.objects.select_related("user")
        .filter(user__status=User.Status.ACTIVE, balance__gt=0)
        .exclude(user__profile__preferences__contains={"show_on_leaderboards": False})
        .order_by("-balance")[:most]
    )
    _attach_pages(wallets)
    return wallets


def _attach_pages(wallets: list[Wallet]) -> None:
    pages = {page.user_id: page for page in Page.objects.filter(user__in=[w.user_id for w in wallets], is_primary=True)}
    for wallet in wallets:
        wallet.page = pages[wallet.user_id]  # type: ignore[attr-defined]
