"""The same rows as a tutorial would have them written: one transaction, rows locked, objects made and saved."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from benchmarks.errands import FEE, coins, pairs, spenders


def plain_gifts(number: int, members: int) -> Callable[[], Any]:
    """Two locks, one transfer, two postings, a key."""
    from django.db import transaction
    from django.utils import timezone

    given = pairs(members)

    @transaction.atomic
    def act() -> None:
        giver, receiver = next(given)
        amount = coins(1, 100)
        _transfer("GIFT", giver.user_id, [(giver.pk, -amount), (receiver.pk, amount)], at=timezone.now())

    return act


def plain_sales(number: int, members: int) -> Callable[[], Any]:
    """The treasury is a row that is locked and saved like the wallets."""
    from django.db import transaction
    from django.utils import timezone

    given = pairs(members)

    @transaction.atomic
    def act() -> None:
        buyer, seller = next(given)
        price = coins(100, 200)
        fee = (price * FEE).quantize(Decimal("0.01"), rounding="ROUND_DOWN")
        parts = [(buyer.pk, -price), (seller.pk, price - fee)]
        _transfer("PURCHASE", buyer.user_id, parts, fund=("treasury", fee), at=timezone.now())

    return act


def plain_tips(number: int, members: int) -> Callable[[], Any]:
    """A sale's lines into the content fund, and the tip, its notice and its post's figures beside them."""
    from django.db import transaction
    from django.db.models import Sum
    from django.utils import timezone

    from accounts.members.models import Page
    from accounts.notifications.models import OwedNotice
    from accounts.wallets.models import Wallet
    from social.feed.models import Post, Tip
    from social.feed.rules import split_tip

    given = spenders(members)

    @transaction.atomic
    def act() -> None:
        spender, post_id = next(given)
        amount, at = coins(100, 200), timezone.now()
        wallet = Wallet.objects.get(user=spender)
        page = Page.objects.get(user=spender, is_primary=True)
        transfer = _transfer("TIP", spender.pk, [(wallet.pk, -amount)], fund=("content", amount), at=at)
        post = Post.objects.select_for_update().get(pk=post_id)
        before = Tip.objects.filter(post=post, spender=spender, unliked_at=None).aggregate(coins=Sum("amount"))["coins"]
        if (before or 0) + amount > 10:
            raise ValueError("too much for one post")
        split = split_tip(amount, creator_share=Decimal("0.60"), treasury_share=Decimal("0.20"))
        Tip.objects.create(
            spender=spender,
            spender_page=page,
            post=post,
            recipient_id=post.user_id,
            recipient_page_id=post.page_id,
            amount=amount,
            to_creator=split.to_creator,
            to_treasury=split.to_treasury,
            burned=split.burned,
            transfer_id=transfer.pk,
            can_unlike_until=at + timedelta(hours=24),
            created_at=at,
        )
        post.total_tokens_received += amount
        post.unique_spenders_count += before is None
        post.last_token_received_at = at
        post.save()
        OwedNotice.objects.create(
            user_id=post.user_id, type="tip", actor=page, reference_type="post", reference_id=post.pk, coins=amount
        )

    return act


def plain_week(start: datetime) -> Callable[[Any], None]:
    """A wallet's tax and stipend of a week, each a transaction; the budget is scaled by a factor that is known before."""
    from django.db import transaction
    from django.db.models import Sum

    from accounts.badges.models import UserActivity
    from accounts.wallets.models import Wallet
    from config.lib.periods import Period
    from economy.ledger.models import FundBalance, Posting
    from economy.stipend.models import StipendDistribution, StipendRun
    from economy.stipend.rules import engagement_bonus
    from economy.tax import queries, rules
    from economy.tax.models import TaxCollection, TaxRun
    from social.feed.models import Tip

    end, at = start + timedelta(weeks=1), start + timedelta(weeks=1, minutes=5)
    week = {"period": Period(start).key, "period_start": start, "period_end": end, "created_at": at}
    tax_run = TaxRun.objects.create(**week)
    stipend_run = StipendRun.objects.create(**week, treasury_before=0, budget=0)
    brackets = queries.brackets()
    FundBalance.objects.get_or_create(fund="treasury", defaults={"balance": 0, "rolled_up_at": at})

    @transaction.atomic
    def tax(wallet_id: Any) -> None:
        wallet = Wallet.objects.select_for_update().get(pk=wallet_id)
        moved = Posting.objects.filter(wallet=wallet, created_at__gte=start).values_list("created_at", "amount")
        base = rules.average(closing=wallet.balance, movements=moved, start=start, end=end)
        owed = rules.assess(base, brackets)
        due = min(owed.tax, wallet.available)
        transfer = None
        if due > 0:
            transfer = _transfer("TAX", None, [(wallet.pk, -due)], fund=("treasury", due), at=at)
        TaxCollection.objects.create(
            created_at=at,
            run=tax_run,
            wallet=wallet,
            transfer_id=transfer and transfer.pk,
            base=base,
            balance_before=wallet.balance,
            tokens_taxed=due,
            balance_after=wallet.balance - due,
            tax_bracket=owed.bracket,
            tax_rate=rules.effective_rate(due, base),
        )

    @transaction.atomic
    def stipend(wallet_id: Any) -> None:
        wallet = Wallet.objects.select_related("user").get(pk=wallet_id)
        if not UserActivity.objects.filter(user=wallet.user, day__gte=start.date(), day__lt=end.date()).exists():
            return
        tipped = Tip.objects.filter(recipient=wallet.user, settled_at__gte=start, settled_at__lt=end)
        earned = tipped.aggregate(coins=Sum("to_creator"))["coins"] or Decimal(0)
        base, bonus = Decimal(10), engagement_bonus(earned, share=Decimal("0.10"), most=Decimal(5))
        transfer = _transfer("STIPEND", None, [(wallet.pk, base + bonus)], fund=("treasury", -base - bonus), at=at)
        StipendDistribution.objects.create(
            created_at=at,
            run=stipend_run,
            wallet=wallet,
            transfer_id=transfer.pk,
            wanted_base=base,
            wanted_engagement=bonus,
            wanted_new_member=0,
            base_stipend=base,
            engagement_bonus=bonus,
            total_stipend=base + bonus,
            paid_at=at,
        )

    def act(wallet_id: Any) -> None:
        tax(wallet_id)
        stipend(wallet_id)

    return act


def _transfer(
    kind: str,
    actor: Any,
    wallets: Sequence[tuple[Any, Decimal]],
    *,
    at: datetime,
    fund: tuple[str, Decimal] | None = None,
) -> Any:
    from accounts.wallets.models import Wallet
    from economy.ledger.models import FundBalance, Posting, Transfer, TransferKey

    locked = {pk: Wallet.objects.select_for_update().get(pk=pk) for pk in sorted(pk for pk, _amount in wallets)}
    transfer = Transfer.objects.create(kind=kind, trigger=kind.lower(), channel="API", actor_id=actor, created_at=at)
    if actor is not None:
        TransferKey.objects.create(
            owner_id=actor, key=str(uuid.uuid4()), fingerprint="", transfer_id=transfer.pk, created_at=at
        )
    for pk, amount in wallets:
        wallet = locked[pk]
        if wallet.available + amount < 0:
            raise ValueError("not enough coins")
        if amount < 0:
            wallet.total_spent -= amount
        else:
            wallet.total_earned += amount
        wallet.balance += amount
        wallet.lock_version += 1
        wallet.last_activity = at
        wallet.save()
        Posting.objects.create(
            created_at=at,
            transfer=transfer,
            wallet=wallet,
            kind=kind,
            amount=amount,
            balance_before=wallet.balance - amount,
            balance_after=wallet.balance,
            lock_version=wallet.lock_version,
        )
    if fund is not None:
        balance = FundBalance.objects.select_for_update().get(fund=fund[0])
        balance.balance += fund[1]
        balance.save()
        Posting.objects.create(created_at=at, transfer=transfer, fund=fund[0], kind=kind, amount=fund[1])
    return transfer
