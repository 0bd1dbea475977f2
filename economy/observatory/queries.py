"""The state of the economy, read set-based from the ledger's own figures."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, Sum

from accounts.badges.models import UserActivity
from accounts.members.models import Page, User
from accounts.members.queries import listed_in_tables
from accounts.wallets.models import Wallet
from config.lib.money import ZERO
from economy.ledger.models import Fund
from economy.ledger.queries import fund_balances
from economy.observatory import rules
from economy.observatory.models import EconomySnapshot, Leader, SystemState
from economy.stipend.models import StipendRun
from economy.tax.models import RunStatus, TaxBracket, TaxRun

LORENZ_POINTS = 50
# The state is written anew every minute; when nobody has for so long, it is added up.
STALE_AFTER = timedelta(minutes=3)

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


def latest_state(at: datetime) -> tuple[State, datetime]:
    """The state as the job has last written it, and when; of now where that is missing or too old.

    So a public page adds up nothing, however many members there are.
    """
    row = SystemState.objects.first()
    if row is None or row.updated_at < at - STALE_AFTER or not row.ever_created:
        return state(at), at
    return State(**{name.name: getattr(row, name.name) for name in fields(State)}), row.updated_at


def job_times() -> dict[str, datetime | None]:
    """When each job last completed, by name; None for never."""
    row = SystemState.objects.first() or SystemState()
    names = ("tax_collection", "stipend_distribution", "decay_run", "queue_update", "settlement", "analytics_update")
    return {f"last_{name}_at": getattr(row, f"last_{name}_at") for name in names}


@dataclass(frozen=True)
class Spread:
    """How evenly coins are spread: Gini coefficient, and the Lorenz curve by shares (of members, of coins)."""

    gini: Decimal
    lorenz: list[tuple[float, float]]


def spread() -> Spread:
    """The spread of all balances of now, exact for every wallet, in one pass; the curve has LORENZ_POINTS + 1 points.

    It sorts all wallets: for the job that takes the snapshot. Pages show `latest_spread`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH ranked AS (
              SELECT balance, row_number() OVER poorest AS place, ntile(%s) OVER poorest AS part
                FROM accounts_wallet w
                WHERE NOT EXISTS (SELECT FROM accounts_user u WHERE u.id = w.user_id AND u.status = 'ERASED')
                WINDOW poorest AS (ORDER BY balance)
            )
            SELECT count(*), sum(balance), sum(place * balance) FROM ranked GROUP BY part ORDER BY part
            """,
            [LORENZ_POINTS],
        )
        parts = cursor.fetchall()
    members = sum(count for count, _coins, _weighted in parts)
    total = sum((coins for _count, coins, _weighted in parts), ZERO)
    curve, poorer, theirs = [(0.0, 0.0)], 0, ZERO
    for count, coins, _weighted in parts:
        poorer, theirs = poorer + count, theirs + coins
        curve.append((poorer / members, float(theirs / total) if total else 0.0))
    weighted = sum((weighted for _count, _coins, weighted in parts), ZERO)
    return Spread(gini=rules.gini(members=members, total=total, weighted=weighted), lorenz=curve)


def latest_spread() -> tuple[Spread, datetime | None]:
    """The spread as the latest snapshot has it, and when that was; of now, and None, where there is none yet."""
    latest = EconomySnapshot.objects.order_by("-day").first()
    taken_at = SystemState.objects.values_list("last_analytics_update_at", flat=True).first()
    if latest is None:
        return spread(), None
    return Spread(gini=latest.gini, lorenz=[(members, coins) for members, coins in latest.lorenz]), taken_at


@dataclass(frozen=True)
class Flows:
    """What went where in one UTC day: what left wallets for other members or their content, tax, stipends."""

    moved: Decimal
    tax: Decimal
    stipend: Decimal


def flows_of(day: date) -> Flows:
    """The flows of a UTC day, from its postings."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT
              coalesce(-sum(amount) FILTER (WHERE wallet_id IS NOT NULL AND amount < 0
                AND kind NOT IN ('TAX', 'WITHDRAWAL', 'LEFT_BEHIND', 'CORRECTION')), 0.00),
              coalesce(sum(amount) FILTER (WHERE fund = 'treasury' AND kind = 'TAX'), 0.00),
              coalesce(-sum(amount) FILTER (WHERE fund = 'treasury' AND kind = 'STIPEND'), 0.00)
            FROM economy_posting
            WHERE id >= civitas_first_id(%(start)s) AND id < civitas_first_id(%(end)s)
            """,
            {"start": start, "end": start + timedelta(days=1)},
        )
        return Flows(*cursor.fetchone())


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


@dataclass(frozen=True)
class Place:
    """One line of a table of members."""

    place: int
    page: Page
    amount: Decimal


@dataclass(frozen=True)
class Board:
    """A table of members, and when its amounts were looked at; None before the first time."""

    places: list[Place]
    as_of: datetime | None


def _listed() -> QuerySet[Page]:
    """The first pages of those who may stand in a table of members."""
    return listed_in_tables().filter(is_primary=True, user__status=User.Status.ACTIVE)


def listed_among(members: Collection[UUID]) -> set[UUID]:
    """Of these members, those who may stand in a table. One query."""
    return set(_listed().filter(user__in=members).values_list("user", flat=True))


def leaders(board: str, *, most: int) -> Board:
    """The top of a table of members, by their first pages. Two queries.

    Amounts are as the job has last seen them; who prefers not to be in it, or is gone, is out at once.
    """
    shown = _listed()
    rows = list(
        Leader.objects.filter(board=board, wallet__user__in=shown.values("user"))
        .select_related("wallet")
        .order_by("place")[:most]
    )
    pages = {page.user_id: page for page in shown.filter(user__in=[row.wallet.user_id for row in rows])}
    found = [row for row in rows if row.wallet.user_id in pages]
    return Board(
        places=[Place(number, pages[row.wallet.user_id], row.amount) for number, row in enumerate(found, start=1)],
        as_of=found[0].created_at if found else None,
    )
