"""The pages about withdrawals: those I asked for, asking for one, taking one back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.members.views.frames import MemberRequest, land
from config.lib.pages import refusals_are_pages
from config.lib.pagination import keyset_page
from config.lib.refusals import KeyReused, Refused
from config.lib.runtime import figures
from economy.ledger.queries import wallet_of
from economy.withdrawals import operations, queries, rules
from economy.withdrawals.forms import CARD_NAMES, FORMS, NETWORK_NAMES, AskForWithdrawal, fresh_key
from economy.withdrawals.models import WithdrawalRequest

Method = WithdrawalRequest.Method


@login_required
@never_cache
@require_GET
def withdrawals(request: MemberRequest) -> HttpResponse:
    """What I asked for, newest first, with where each stands; and what one costs in each tier."""
    mine = wallet_of(request.user)
    page = keyset_page(request, queries.withdrawals_of(mine), *queries.WITHDRAWALS.order)
    context = {
        "wallet": mine,
        "loyalty": queries.progress_of(mine),
        "tiers": queries.tiers(),
        "least": figures().WITHDRAWAL_MIN,
        "withdrawals": page.rows,
        "next": f"?cursor={page.next}" if page.next else "",
        "previous": f"?cursor={page.previous}" if page.previous else "",
    }
    return render(request, "economy/withdrawals/withdrawals.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def ask_for_withdrawal(request: MemberRequest) -> HttpResponse:
    """Write how many coins and where to; look at fee and net; then ask."""
    method = request.GET.get("method", "")
    method = method if method in FORMS else str(Method.BANK)
    form = FORMS[method](
        request.POST or None, initial={"key": fresh_key()}, addresses=queries.proved_addresses(request.user)
    )
    if request.method != "POST" or "change" in request.POST:
        return _asking(request, form, method)
    if not form.is_valid():
        return _asking(request, form, method, status=422)
    try:
        if "confirmed" not in request.POST:
            cost = operations.look_at_withdrawal(member=request.user, **form.asks(), at=timezone.now())
            return _asking(request, form, method, cost=cost)
        made = operations.ask_for_withdrawal(
            member=request.user,
            **form.asks(),
            fee_seen=form.cleaned_data["fee_seen"],
            key=f"page:{form.cleaned_data['key']}",
            at=timezone.now(),
        )
    except Refused as refusal:
        status = land(form, refusal)
        if isinstance(refusal, KeyReused):
            form.data = {**request.POST.dict(), "key": fresh_key()}
        return _asking(request, form, method, status=status)
    words = _("Asked for: %(net)s are paid out to you when staff have looked at it. Until then you can cancel it.")
    messages.success(request, words % {"net": made.net_amount})
    return redirect("economy:withdrawals")


def _asking(
    request: MemberRequest, form: AskForWithdrawal, method: str, *, cost: rules.Cost | None = None, status: int = 200
) -> HttpResponse:
    mine = wallet_of(request.user)
    least = figures().WITHDRAWAL_MIN
    context: dict[str, Any] = {
        "form": form,
        "methods": [(f"?method={value}", label, value == method) for value, label in Method.choices],
        "action_url": f"{request.path}?method={method}",
        "is_crypto": method == Method.CRYPTO,
        "wallet": mine,
        "least": least,
        "example": rules.cost_of(least, rate=mine.withdrawal_fee),
        "cost": cost,
    }
    if cost is not None:
        amount = form.cleaned_data["amount"]
        given = rules.checked_details(method, form.given())
        context |= {
            "amount": amount,
            "keep": mine.available - amount,
            "to": _details_in_words(given),
            "method_name": Method(method).label,
        }
    return render(request, "economy/withdrawals/ask_for_withdrawal.html", context, status=status)


def _details_in_words(given: dict[str, str]) -> list[tuple[str, str]]:
    names = {
        "holder": _("Owner of the account"),
        "iban": _("IBAN"),
        "bic": _("BIC"),
        "email": _("E-mail address"),
        "network": _("Network"),
        "address": _("Address"),
        "card": _("Card"),
    }
    written = {
        **given,
        "network": NETWORK_NAMES.get(given.get("network", ""), ""),
        "card": CARD_NAMES.get(given.get("card", ""), ""),
    }
    return [(label, written[name]) for name, label in names.items() if given.get(name)]


@login_required
@never_cache
@require_GET
@refusals_are_pages
def withdrawal(request: MemberRequest, request_id: UUID) -> HttpResponse:
    """One request of mine: where it stands, what it costs, where it goes."""
    found = queries.own_withdrawal(request.user, request_id)
    context = {"withdrawal": found, "to": _details_in_words(found.details_given)}
    return render(request, "economy/withdrawals/withdrawal.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def cancel_withdrawal(request: MemberRequest, request_id: UUID) -> HttpResponse:
    """Ask, then take one's request back."""
    found = queries.own_withdrawal(request.user, request_id)
    if request.method == "POST":
        try:
            operations.cancel_withdrawal(member=request.user, request_id=request_id, at=timezone.now())
        except operations.WithdrawalDecided as refusal:
            messages.info(request, str(refusal))
        else:
            messages.success(request, _("Cancelled: %(coins)s coins are free again.") % {"coins": found.amount})
        return redirect("economy:withdrawals")
    context = {
        "withdrawal": found,
        "action_url": request.path,
        "cancel_url": reverse("economy:withdrawals"),
        "danger": True,
    }
    return render(request, "economy/withdrawals/cancel_withdrawal.html", context)
