"""A year of a wallet: what each kind of movement brought and took, month by month."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.db import connection

from accounts.wallets.models import Wallet
from config.lib.money import ZERO
from config.lib.refusals import NotThere
from config.lib.walls import reading_for
from economy.ledger.models import TransferKind
from economy.ledger.queries import statement


@dataclass(frozen=True)
class Sums:
    """What came in, what went out (not signed), and in how many movements."""

    came: Decimal = ZERO
    went: Decimal = ZERO
    count: int = 0

    @property
    def net(self) -> Decimal:
        return self.came - self.went

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.came + other.came, self.went + other.went, self.count + other.count)


@dataclass(frozen=True)
class Month:
    """A month of the year (1–12), with its sums and the balance at its end."""

    number: int
    first: datetime
    sums: Sums
    closing: Decimal


@dataclass(frozen=True)
class Year:
    """A calendar year (UTC) of a wallet, from the month in which it began.

    opening + total.net = closing, to the cent.
    """

    number: int
    opening: Decimal
    closing: Decimal
    total: Sums
    months: list[Month]
    kinds: list[tuple[TransferKind, Sums]]
    cells: dict[tuple[int, str], Sums]


def year_of(wallet: Wallet, number: int, *, at: datetime) -> Year:
    """A year of a wallet, as far as it has passed. Two queries. May refuse with NotThere: before it, or not begun."""
    if number not in years_of(wallet, at=at):
        raise NotThere()
    start = datetime(number, 1, 1, tzinfo=UTC)
    end = datetime(number + 1, 1, 1, tzinfo=UTC)
    with reading_for(wallet.user_id):
        before = statement(wallet=wallet, until=start).order_by("-lock_version")
        opening = before.values_list("balance_after", flat=True).first() or ZERO
        cells = _cells(wallet, start, end)
    months, balance = [], opening
    last = at.astimezone(UTC).month if at.astimezone(UTC).year == number else 12
    for month in range(_first_month(wallet, number, cells), last + 1):
        sums = _sum_of(cells, month=month)
        balance += sums.net
        months.append(Month(month, datetime(number, month, 1, tzinfo=UTC), sums, balance))
    kinds = [(kind, _sum_of(cells, kind=kind)) for kind in TransferKind]
    return Year(
        number=number,
        opening=opening,
        closing=balance,
        total=_sum_of(cells),
        months=months,
        kinds=[(kind, sums) for kind, sums in kinds if sums.count],
        cells=cells,
    )


def _first_month(wallet: Wallet, number: int, cells: dict[tuple[int, str], Sums]) -> int:
    """The month in which the wallet began, in its first year."""
    began = wallet.created_at.astimezone(UTC)
    return min([began.month, *(month for month, _kind in cells)]) if began.year == number else 1


def years_of(wallet: Wallet, *, at: datetime) -> range:
    """The calendar years from the wallet's first to the present one."""
    return range(wallet.created_at.astimezone(UTC).year, at.astimezone(UTC).year + 1)


def _cells(wallet: Wallet, start: datetime, end: datetime) -> dict[tuple[int, str], Sums]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT extract(month FROM created_at AT TIME ZONE 'UTC')::int, kind,
                coalesce(sum(amount) FILTER (WHERE amount > 0), 0.00),
                coalesce(-sum(amount) FILTER (WHERE amount < 0), 0.00), count(*)
              FROM economy_posting
              WHERE wallet_id = %(wallet)s AND id >= civitas_first_id(%(start)s) AND id < civitas_first_id(%(end)s)
              GROUP BY 1, 2
            """,
            {"wallet": wallet.pk, "start": start, "end": end},
        )
        return {(month, kind): Sums(came, went, count) for month, kind, came, went, count in cursor.fetchall()}


def _sum_of(cells: dict[tuple[int, str], Sums], *, month: int | None = None, kind: str | None = None) -> Sums:
    chosen = [
        sums
        for (of_month, of_kind), sums in cells.items()
        if (month is None or of_month == month) and (kind is None or of_kind == kind)
    ]
    return sum(chosen, Sums())
