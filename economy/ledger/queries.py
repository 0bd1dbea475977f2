"""Reads of the ledger: funds, statements, and the proof of its invariants."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet, Sum
from django.db.models.expressions import RawSQL

from accounts.members.models import Page, User
from accounts.wallets.models import Wallet
from config.lib.ids import first_id_at, same_millisecond
from config.lib.money import ZERO
from config.lib.pagination import Keyset
from config.lib.refusals import NotThere
from config.lib.walls import Walled, reading_for
from economy.ledger import causes
from economy.ledger.models import Fund, Posting, TransferKey, TransferKind

STATEMENT = Keyset("-lock_version")

NO_LINES = Posting.objects.none()  # for doors that must name their rows before anybody asks

# One transfer of these has a line for each of thousands of members: none of them is the other party.
_COLLECTIVE = (TransferKind.TAX, TransferKind.STIPEND)


def fund_balances() -> dict[str, Decimal]:
    """What each fund holds now: the balances rolled up plus the entries still waiting, of one moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT fund, sum(amount) FROM (
              SELECT fund, balance AS amount FROM economy_fundbalance
              UNION ALL SELECT fund, amount FROM economy_fundentry
            ) AS parts GROUP BY fund
            """
        )
        found = dict(cursor.fetchall())
    return {fund: found.get(fund, ZERO) for fund in Fund.values}


PendingSource = Callable[[User], Decimal]
_pending_sources: list[PendingSource] = []


def pending_comes_from(source: PendingSource) -> None:
    """Register who knows coins that are on their way to a member (tips in their refund window, sales)."""
    if source not in _pending_sources:
        _pending_sources.append(source)


def pending_for(member: User) -> Decimal:
    """Coins that will be the member's when their refund windows have passed."""
    return sum((source(member) for source in _pending_sources), ZERO)


def was_moved(*, actor: UUID, key: str) -> bool:
    """Whether this key of this member has moved coins."""
    return TransferKey.objects.filter(owner_id=actor, key=key).exists()


def wallet_of(member: User) -> Wallet:
    """The member's wallet as it is now."""
    wallet = Wallet.objects.get(user=member)
    wallet.user = member
    return wallet


def statement(
    *,
    wallet: Wallet,
    kind: str | None = None,
    page: Page | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Walled[Posting]:
    """The wallet's postings with their transfers, to be read in the order of STATEMENT (newest first).

    Read behind the wall: whatever wallet is given, a request is shown lines of whoever asks.

    `kind` is a TransferKind; `page` stood on the other side; `since` is included, `until` is not. Times prune whole
    months, because ids carry them.
    """
    rows = Posting.objects.served_to(wallet.user_id).filter(wallet=wallet).select_related("transfer")
    if kind:
        rows = rows.filter(kind=kind)
    if page is not None:
        rows = rows.filter(_with_page(wallet, page))
    if since:
        rows = rows.filter(id__gte=first_id_at(since))
    if until:
        rows = rows.filter(id__lt=first_id_at(until))
    return rows


def in_pieces(rows: QuerySet[Posting], *, size: int) -> Iterator[list[Posting]]:
    """Lines of a statement, oldest first, some at a time; each piece is a statement of its own."""
    last = -1
    while some := list(rows.filter(lock_version__gt=last).order_by("lock_version")[:size]):
        yield some
        last = some[-1].lock_version or 0


def _with_page(wallet: Wallet, page: Page) -> Q:
    """The lines of a wallet in which a page stood on the other side: the very one that `counterparties` names there."""
    found = Q(pk__in=[])
    if page.user_id == wallet.user_id:
        return found  # nobody stands opposite themselves
    for side in causes.other_sides():
        found |= Q(kind__in=side.kinds) & side.with_page(wallet.user, page)
    if page.is_primary:
        between = RawSQL(
            "SELECT economy_between(%s, (SELECT w.id FROM accounts_wallet w WHERE w.user_id = %s), %s)",
            [wallet.pk, page.user_id, _between_wallets()],
        )
        found |= Q(kind__in=_between_wallets(), transfer_id__in=between)
    return found


def _between_wallets() -> list[str]:
    """The kinds of movement whose other side is the other wallet's owner, as their first page."""
    told = {kind for side in causes.other_sides() for kind in side.kinds}
    return [kind for kind in TransferKind.values if kind not in told and kind not in _COLLECTIVE]


def counterparties(wallet: Wallet, postings: Sequence[Posting]) -> dict[UUID, Page]:
    """For each transfer of these postings of a wallet (with their transfers), the page on the other side, if any.

    Where two wallets stand in a transfer it is the other one's first page; for movements that pass through a fund it is
    told by their rooms (`causes`). Two queries, and one for each room that tells.
    """
    pages: dict[UUID, UUID] = {}
    for side in causes.other_sides():
        lines = [posting for posting in postings if posting.kind in side.kinds]
        if lines:
            pages |= side.pages(wallet.user, lines)
    kinds = _between_wallets()
    members = _other_members(wallet, [posting for posting in postings if posting.kind in kinds])
    shown = Page.objects.filter(Q(pk__in=set(pages.values())) | Q(user__in=set(members.values()), is_primary=True))
    found = list(shown.select_related("user")) if pages or members else []
    by_id = {page.pk: page for page in found}
    by_member = {page.user_id: page for page in found if page.is_primary}
    named = {transfer: by_id[page] for transfer, page in pages.items() if page in by_id}
    return named | {transfer: by_member[member] for transfer, member in members.items() if member in by_member}


def _other_members(wallet: Wallet, postings: Sequence[Posting]) -> dict[UUID, UUID]:
    """For each transfer of these postings, the member whose wallet is the other one in it. One query."""
    if not postings:
        return {}
    moments = [posting.created_at for posting in postings]
    with reading_for(wallet.user_id), connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT o.transfer, w.user_id FROM economy_other_wallets(%s, %s::uuid[], %s, %s) AS o
              JOIN accounts_wallet w ON w.id = o.wallet
            """,
            [wallet.pk, [posting.transfer_id for posting in postings], min(moments), max(moments)],
        )
        return dict(cursor.fetchall())


def line_of(wallet: Wallet, transfer_id: UUID) -> Posting:
    """The wallet's own line in a transfer. May refuse with NotThere."""
    # A line's id begins with the milliseconds of its transfer's: they name the month.
    mine = statement(wallet=wallet).filter(transfer=transfer_id, id__range=same_millisecond(transfer_id))
    found = mine.first()
    if found is None:
        raise NotThere()
    return found


def moved_by_kind(*, wallet: Wallet, since: datetime, until: datetime) -> dict[str, Decimal]:
    """What each kind of movement added to a wallet in a span of time."""
    rows = statement(wallet=wallet, since=since, until=until).order_by().values("kind").annotate(amount=Sum("amount"))
    return {row["kind"]: row["amount"] for row in rows}


@dataclass(frozen=True)
class Violation:
    """An invariant of economy.md that does not hold, and one row that shows it."""

    invariant: int
    says: str
    row: str


_CHECKS: list[tuple[int, str, str]] = [
    (
        1,
        "the postings of a transfer sum to 0.00",
        "SELECT transfer_id, sum(amount) FROM economy_posting GROUP BY transfer_id HAVING sum(amount) <> 0",
    ),
    (
        1,
        "every posting has its transfer, and every transfer has postings",
        """
        SELECT coalesce(p.transfer_id, t.id) FROM economy_transfer t
        FULL JOIN (SELECT DISTINCT transfer_id FROM economy_posting) p ON p.transfer_id = t.id
        WHERE p.transfer_id IS NULL OR t.id IS NULL
        """,
    ),
    (
        3,
        "a wallet's balance equals the sum of its postings",
        """
        SELECT w.id, w.balance, coalesce(p.total, 0) FROM accounts_wallet w
        LEFT JOIN (
          SELECT wallet_id, sum(amount) AS total FROM economy_posting WHERE wallet_id IS NOT NULL GROUP BY wallet_id
        ) p ON p.wallet_id = w.id
        WHERE w.balance <> coalesce(p.total, 0)
        """,
    ),
    (
        3,
        "a wallet's postings chain in the order of lock_version, from 0.00 to its balance",
        """
        SELECT id, wallet_id, lock_version, balance_before, due FROM (
          SELECT id, wallet_id, lock_version, balance_before,
            coalesce(lag(balance_after) OVER chain, 0) AS due, lag(lock_version) OVER chain AS version_before
          FROM economy_posting WHERE wallet_id IS NOT NULL
          WINDOW chain AS (PARTITION BY wallet_id ORDER BY lock_version)
        ) AS links WHERE balance_before <> due OR lock_version = version_before
        """,
    ),
    (
        3,
        "no posting is newer than its wallet says",
        """
        SELECT p.id, p.lock_version, w.lock_version FROM economy_posting p JOIN accounts_wallet w ON w.id = p.wallet_id
        WHERE p.lock_version > w.lock_version
        """,
    ),
    (
        3,
        "a fund's balance equals the sum of its postings",
        """
        SELECT coalesce(b.fund, p.fund), b.balance, p.total FROM (
          SELECT fund, sum(amount) AS balance FROM (
            SELECT fund, balance AS amount FROM economy_fundbalance UNION ALL SELECT fund, amount FROM economy_fundentry
          ) AS parts GROUP BY fund
        ) b FULL JOIN (SELECT fund, sum(amount) AS total FROM economy_posting WHERE fund IS NOT NULL GROUP BY fund) p
          ON p.fund = b.fund
        WHERE coalesce(b.balance, 0) <> coalesce(p.total, 0)
        """,
    ),
    (
        3,
        "treasury, content, orders, burned and payout hold at least 0.00",
        """
        SELECT fund, sum(amount) FROM (
          SELECT fund, balance AS amount FROM economy_fundbalance UNION ALL SELECT fund, amount FROM economy_fundentry
        ) AS parts WHERE fund <> 'issuance' GROUP BY fund HAVING sum(amount) < 0
        """,
    ),
    (
        4,
        "0 <= locked_balance <= balance, and locked_balance equals the sum of the open locks",
        """
        SELECT w.id, w.balance, w.locked_balance, coalesce(l.total, 0) FROM accounts_wallet w
        LEFT JOIN (
          SELECT wallet_id, sum(amount) AS total FROM economy_lock WHERE released_at IS NULL GROUP BY wallet_id
        ) l ON l.wallet_id = w.id
        WHERE w.locked_balance <> coalesce(l.total, 0) OR w.locked_balance < 0 OR w.locked_balance > w.balance
        """,
    ),
    (
        5,
        "wallets and funds sum to 0.00: what is held is what was issued",
        """
        SELECT w.total, f.total FROM (SELECT coalesce(sum(balance), 0) AS total FROM accounts_wallet) w, (
          SELECT coalesce(sum(amount), 0) AS total FROM (
            SELECT balance AS amount FROM economy_fundbalance UNION ALL SELECT amount FROM economy_fundentry
          ) AS parts
        ) f WHERE w.total + f.total <> 0
        """,
    ),
    (
        6,
        "every key that moved coins has its transfer",
        """
        SELECT k.key, k.transfer_id FROM economy_transferkey k
        WHERE NOT EXISTS (SELECT 1 FROM economy_transfer t WHERE t.id = k.transfer_id)
        """,
    ),
    (
        2,
        "the triggers that keep the ledger append-only and balanced are in place",
        """
        SELECT needed.name FROM (VALUES ('economy_transfer_append_only'), ('economy_posting_append_only'),
          ('economy_posting_written'), ('economy_must_balance')) AS needed(name)
        WHERE NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgname = needed.name AND t.tgenabled = 'O')
        """,
    ),
]


def prove(number: int, says: str, sql: str) -> None:
    """Register an invariant of a room whose coins wait in a fund; `sql` finds the rows that break it."""
    if (number, says, sql) not in _CHECKS:
        _CHECKS.append((number, says, sql))


def checks() -> list[tuple[int, str]]:
    """The invariants that `violations` proves: their number in economy.md, and what they say."""
    return [(number, says) for number, says, _sql in _CHECKS]


def violations(*, most_rows: int = 20) -> list[Violation]:
    """Prove the invariants on one snapshot, stopping nobody; what does not hold, up to some rows each."""
    found = []
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for number, says, sql in _CHECKS:
            cursor.execute(f"{sql} LIMIT {most_rows:d}")
            found += [Violation(number, says, ", ".join(str(value) for value in row)) for row in cursor.fetchall()]
    return found
