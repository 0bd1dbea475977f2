"""Members doing everything at once while clocks jump, replies are lost and jobs crash: the books stay right.

Looked at after each step.
`make chaos` takes 10,000 steps (CHAOS_STEPS); `make test` fewer.
"""

import os
import sys
from collections import Counter
from decimal import Decimal
from math import ceil
from typing import ClassVar

import pytest
from django.db import connection
from django.db.models import F, Sum
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from accounts.wallets.models import Wallet
from config.tests.chaos import Community
from economy.grants.models import GrantRequest
from economy.ledger.models import Fund, Lock, Posting, Transfer, TransferKind
from economy.ledger.queries import fund_balances, violations
from economy.rewards.models import Reward
from economy.stipend import operations as stipend
from economy.stipend.models import StipendDistribution
from economy.tax import operations as tax
from economy.tax.models import TaxCollection
from economy.vault.models import VaultDeposit
from economy.withdrawals.models import WithdrawalRequest
from social.boosts.models import Boost
from social.bounties.models import Bounty
from social.feed.models import Tip, TipShare

STEPS = int(os.environ.get("CHAOS_STEPS", "150"))
PER_STORY = min(100, STEPS // 5)  # steps of one community, from its first members to its end

# Of rooms to come, by hand, or at the end of an account.
NOT_HERE = {
    TransferKind.PURCHASE,
    TransferKind.PURCHASE_REFUND,
    TransferKind.SALE_SETTLEMENT,
    TransferKind.DEPOSIT,
    TransferKind.DEPOSIT_FORFEITED,
    TransferKind.TREASURY_PAYMENT,
    TransferKind.LEFT_BEHIND,
    TransferKind.CORRECTION,
}
MUST_HAPPEN = {
    *(str(kind) for kind in TransferKind if kind not in NOT_HERE),
    # How stories end; whatever was decided was waiting before.
    *(f"WithdrawalRequest {status}" for status in WithdrawalRequest.Status if status != "PENDING"),
    *(f"Reward {status}" for status in Reward.Status if status != "OWED"),
    *(f"GrantRequest {status}" for status in GrantRequest.Status if status != "WAITING"),
    "VaultDeposit opened",
    "TipShare paid",
}


class Observed(Community):
    """The community, looked at after each step."""

    looks = 0  # of all stories
    seen: ClassVar[Counter[str]] = Counter()  # stories with a kind of movement, and with what became of rows

    def teardown(self) -> None:
        seen = set(Transfer.objects.values_list("kind", flat=True))
        for model in (WithdrawalRequest, Reward, GrantRequest):
            seen |= {f"{model.__name__} {status}" for status in model.objects.values_list("status", flat=True)}
        if TipShare.objects.exclude(tip__settled_at=None).exists():
            seen.add("TipShare paid")
        if VaultDeposit.objects.exclude(unlocked_at=None).exists():
            seen.add("VaultDeposit opened")
        Observed.seen.update(seen)
        super().teardown()

    @invariant()
    def the_books_are_right(self) -> None:
        with connection.cursor() as cursor:  # what is checked at commit, now
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert violations() == []
        Observed.looks += 1

    @invariant()
    def no_coin_is_made_or_lost(self) -> None:
        held = sum(Wallet.objects.values_list("balance", flat=True), Decimal(0))
        funds = fund_balances()
        assert -funds[Fund.ISSUANCE] == self.created
        assert held + sum(coins for fund, coins in funds.items() if fund != Fund.ISSUANCE) == self.created
        assert min(funds[Fund.TREASURY], funds[Fund.CONTENT], funds[Fund.BURNED]) >= 0

    @invariant()
    def each_is_taxed_and_paid_once_a_week(self) -> None:
        paid = StipendDistribution.objects.filter(paid_at__isnull=False, total_stipend__gt=0)
        for kind, rows, coins in (
            (TransferKind.TAX, TaxCollection.objects.filter(tokens_taxed__gt=0), "tokens_taxed"),
            (TransferKind.STIPEND, paid, "total_stipend"),
        ):  # fmt: skip
            written = sorted(rows.values_list("wallet_id", coins))
            moved = sorted(
                (wallet, abs(amount))
                for wallet, amount in Posting.objects.filter(kind=kind, wallet__isnull=False).values_list(
                    "wallet_id", "amount"
                )
            )
            assert written == moved

    @invariant()
    def what_is_tied_up_is_tied_up_for_something(self) -> None:
        """Each open lock of a kind has its open row, of the same coins, and the other way round."""
        open_requests = WithdrawalRequest.objects.filter(status__in=["PENDING", "APPROVED"])
        shut_deposits = VaultDeposit.objects.filter(unlocked_at=None)
        for kind, rows in ((Lock.Kind.WITHDRAWAL, open_requests), (Lock.Kind.VAULT, shut_deposits)):
            locks = Lock.objects.filter(kind=kind, released_at=None).values_list("pk", "amount")
            assert sorted(locks) == sorted(rows.values_list("lock_id", "amount"))

    @invariant()
    def each_tip_pays_its_writers_what_was_agreed(self) -> None:
        """Of a settled tip each co-author has their share and the writer the rest, which is never nothing."""
        paid = Posting.objects.filter(kind=TransferKind.TIP_SETTLEMENT, wallet__isnull=False)
        moved = sorted(paid.values_list("transfer__reference_id", "wallet__user_id", "amount"))
        shares = list(TipShare.objects.values_list("tip_id", "user_id", "coins"))
        due = [share for share in shares if Tip.objects.filter(pk=share[0], settled_at__isnull=False).exists()]
        for tip in Tip.objects.exclude(settled_at=None):
            left = tip.to_creator - sum(coins for given, _who, coins in shares if given == tip.pk)
            assert left > 0
            due.append((tip.pk, tip.recipient_id, left))
        assert moved == sorted(due)

    @invariant()
    def each_bounty_moved_in_and_out_once(self) -> None:
        put_in = Bounty.objects.values_list("transfer_id", "amount")
        taken_out = Bounty.objects.values_list("resolved_by", "amount")
        for kind, rows, coins in (
            (TransferKind.BOUNTY, put_in, -1),
            (TransferKind.BOUNTY_AWARD, taken_out.exclude(awarded_at=None), 1),
            (TransferKind.BOUNTY_RETURN, taken_out.exclude(returned_at=None), 1),
        ):
            moved = Posting.objects.filter(kind=kind, wallet__isnull=False).values_list("transfer_id", "amount")
            assert sorted((transfer, coins * amount) for transfer, amount in rows) == sorted(moved)

    @invariant()
    def each_withdrawal_reward_and_boost_moved_what_it_says_once(self) -> None:
        paid = WithdrawalRequest.objects.filter(status="PAID")
        rewards = Reward.objects.filter(status__in=["PAID", "TAKEN_BACK"])
        for kind, rows, coins in (
            (TransferKind.WITHDRAWAL, paid.values_list("transfer_id", "amount"), -1),
            (TransferKind.BOOST, Boost.objects.values_list("pk", "amount"), -1),
            (TransferKind.REWARD, rewards.values_list("transfer_id", "amount"), 1),
        ):
            moved = Posting.objects.filter(kind=kind, wallet__isnull=False, transfer__reverses=None)
            assert sorted((transfer, coins * amount) for transfer, amount in rows) == sorted(
                moved.values_list("transfer_id", "amount")
            )
        assert not paid.exclude(amount=F("net_amount") + F("fee")).exists()
        net = paid.aggregate(coins=Sum("net_amount"))["coins"] or Decimal(0)
        assert fund_balances()[Fund.PAYOUT] == net


@pytest.mark.django_db
def test_whatever_members_clocks_and_crashes_do_the_books_are_right_after_each_step(monkeypatch):
    for room in (tax, stipend):  # a crash must find a run in its middle, and four members are one chunk
        monkeypatch.setattr(room, "CHUNK", 1)
    # A story may end before its last step, so what counts is how often the books were looked at.
    Observed.looks = 0
    Observed.seen.clear()
    while Observed.looks < STEPS:
        run_state_machine_as_test(
            Observed,
            settings=settings(
                max_examples=ceil((STEPS - Observed.looks) / PER_STORY),
                stateful_step_count=PER_STORY,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate, Phase.shrink],
            ),
        )
    happened = ", ".join(f"{what} {stories}" for what, stories in sorted(Observed.seen.items()))
    sys.stdout.write(f"looked {Observed.looks:,} times; stories with: {happened}\n")
    # What has not happened has not been shown: told at full length alone, because a short story cannot have it all.
    if STEPS >= 5_000:
        assert set(Observed.seen) >= MUST_HAPPEN
