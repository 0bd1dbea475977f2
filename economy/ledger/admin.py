from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.members.models import User
from accounts.members.staff import TellsWho
from accounts.wallets.models import Wallet
from config.lib.admin import LastDays, Measure, ReadOnlyAdmin, ReadOnlyInline, Reason
from config.lib.money import CENT, CoinsFormField
from economy.grants import operations as grants
from economy.grants.models import GrantRequest
from economy.ledger import queries
from economy.ledger.models import (
    FundBalance,
    FundEntry,
    Lock,
    Posting,
    Transfer,
    TransferKey,
    UnbalancedTransfer,
)

_MOST_AT_ONCE = 100_000


class Grant(Reason):
    """How many coins, and why. The key makes a second press of the button find the first one's transfer."""

    coins = CoinsFormField(
        label=_("Coins"),
        min_value=CENT,
        max_value=_MOST_AT_ONCE,
        help_text=_(
            "New coins, from the issuance. Alone, one person can grant up to 1,000.00 in 24 hours; what is more waits"
            " for another admin."
        ),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ["coins", "reason", "key"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["coins"].widget = UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal", "autocomplete": "off"})


_GRANT = Measure(
    _("Grant coins"),
    _(
        "New coins come into the world and belong to this wallet at once, or once another admin agrees. Only a new"
        " transfer can mend a mistake."
    ),
    _("Grant these coins"),
    form=Grant,
    is_confirmed=True,
    initial=lambda: {"key": uuid4()},
)


@admin.register(Wallet)
class WalletAdmin(ReadOnlyAdmin):
    """Wallets, to look at: only movements of the ledger change them."""

    list_display = ("owner", "balance", "locked_balance", "lock_version", "loyalty_tier", "last_activity")
    list_filter = (("loyalty_tier", ChoicesDropdownFilter),)
    list_select_related = ("user",)
    search_fields = ("=id", "=user__id", "=user__pages__username")
    search_help_text = _("The id of a wallet or of a member, or a username")
    ordering = ("-balance", "-id")
    actions_detail = ["grant"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Wallet]:
        return super().get_queryset(request).select_related("user").prefetch_related("user__pages")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.strip().lower().lstrip("@")
        if not term:
            return queryset, False
        if len(term) == 36:
            return super().get_search_results(request, queryset, term)
        owners = list(User.objects.filter(pages__username=term).values_list("pk", flat=True))
        return queryset.filter(user__in=owners), False

    @admin.display(description=_("member"))
    def owner(self, wallet: Wallet) -> str:
        names = [page.username for page in wallet.user.pages.all() if page.is_primary]
        return f"@{names[0]}" if names else str(wallet.user_id)

    def subject(self, row: Wallet) -> Any:
        return _("%(owner)s has %(balance)s coins") % {"owner": self.owner(row), "balance": row.balance}

    @action(description=_("Grant coins"), url_path="grant", permissions=["admin"], icon="add_circle")
    def grant(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def do(wallet: Wallet, given: dict[str, Any]) -> str:
            staff = request.user
            if not isinstance(staff, User):
                raise PermissionDenied
            made = grants.grant(
                staff=staff,
                receiver=wallet,
                coins=given["coins"],
                reason=given["reason"],
                key=given["key"],
                at=timezone.now(),
            )
            if isinstance(made, GrantRequest):
                return _("%(coins)s coins wait for another admin to agree: %(reason)s") % given
            return _("Granted %(coins)s coins (balance %(balance)s): %(reason)s") % {
                **given,
                "balance": made.balance_after,
            }

        return self.measure(request, object_id, _GRANT, do)


class PostingsInline(ReadOnlyInline):
    model = Posting
    fields = ("wallet_id", "fund", "amount", "balance_before", "balance_after", "lock_version")
    readonly_fields = fields
    ordering = ("id",)
    per_page = 100


@admin.register(Transfer)
class TransferAdmin(TellsWho):
    member = "actor_id"
    finds_by_name = False
    list_display = ("id", "kind", "channel", "who", "reference_type", "description", "created_at")
    list_filter = (("kind", ChoicesDropdownFilter), ("channel", ChoicesDropdownFilter), LastDays)
    search_fields = ("=id", "=reference_id")
    search_help_text = _("The id of a transfer, or of what caused it")
    ordering = ("-id",)
    inlines = (PostingsInline,)
    autocomplete_fields = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Transfer]:
        return super().get_queryset(request).select_related("actor")


@admin.register(Posting)
class PostingAdmin(TellsWho):
    member = "wallet__user_id"
    list_display = ("id", "kind", "who", "fund", "amount", "balance_after", "lock_version", "movement")
    list_filter = (("kind", ChoicesDropdownFilter), ("fund", ChoicesDropdownFilter), LastDays)
    search_fields = ("=id", "=transfer__id", "=wallet__id")
    search_help_text = _("The id of a posting, a transfer or a wallet, or @username")
    ordering = ("-id",)

    @admin.display(description=_("transfer"))
    def movement(self, posting: Posting) -> str:
        address = reverse("admin:economy_transfer_change", args=[posting.transfer_id])
        return format_html('<a href="{}">{}</a>', address, str(posting.transfer_id)[-12:])


@admin.register(TransferKey)
class TransferKeyAdmin(TellsWho):
    for_admins = True
    member = "owner_id"
    list_display = ("id", "who", "key", "transfer_id", "created_at")
    list_filter = (LastDays,)
    search_fields = ("=key", "=transfer_id")
    ordering = ("-id",)


@admin.register(FundBalance)
class FundBalanceAdmin(ReadOnlyAdmin):
    """What the funds hold: rolled up, and with the entries that still wait."""

    list_display = ("fund", "balance", "now", "rolled_up_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[FundBalance]:
        self._now = queries.fund_balances()
        return super().get_queryset(request)

    @admin.display(description=_("with waiting entries"))
    def now(self, fund: FundBalance) -> Any:
        return self._now.get(fund.fund)


@admin.register(FundEntry)
class FundEntryAdmin(ReadOnlyAdmin):
    list_display = ("id", "fund", "amount")
    list_filter = (("fund", ChoicesDropdownFilter),)
    ordering = ("-id",)


@admin.register(Lock)
class LockAdmin(TellsWho):
    member = "wallet__user_id"
    list_display = ("id", "who", "kind", "amount", "unlock_at", "released_at", "reference_type")
    list_filter = (("kind", ChoicesDropdownFilter), ("released_at", admin.EmptyFieldListFilter), LastDays)
    search_fields = ("=id", "=wallet__id", "=reference_id")
    ordering = ("-id",)


@admin.register(UnbalancedTransfer)
class UnbalancedTransferAdmin(ReadOnlyAdmin):
    """Always empty, except inside a transaction that is being made."""

    list_display = ("transfer_id",)
