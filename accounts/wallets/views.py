"""The pages about addresses: the list, the text to sign, and what the wallet answered."""

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
from django.views.decorators.http import require_http_methods, require_POST

from accounts.members import preferences
from accounts.members.views.frames import MemberRequest, land
from accounts.wallets import forms, operations, queries
from config.lib.pages import refusals_are_pages
from config.lib.refusals import Refused


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def my_addresses(request: MemberRequest) -> HttpResponse:
    """What is proved; below it, the form that asks for a text to sign."""
    form = forms.AskForSignature(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                challenge = operations.ask_for_signature(
                    member=request.user,
                    site=request.get_host(),
                    uri=request.build_absolute_uri(reverse("accounts:my_addresses")),
                    at=timezone.now(),
                    **form.cleaned_data,
                )
            except Refused as refusal:
                status = land(form, refusal)
            else:
                return redirect("accounts:prove_address", challenge.pk)
    return _list(request, form=form, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def prove_address(request: MemberRequest, challenge_id: UUID) -> HttpResponse:
    """Show the text to sign, and take the signature."""
    form = forms.ProveAddress(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                proved = operations.prove_address(
                    member=request.user, challenge_id=challenge_id, at=timezone.now(), **form.cleaned_data
                )
            except (operations.WrongSignature, operations.TextExpired, operations.AddressTaken) as refusal:
                # The text is used up, so there is nothing left to do on its page.
                again = forms.AskForSignature(initial=queries.asked_for(request.user, challenge_id))
                return _list(request, form=again, refusal=str(refusal), status=refusal.status)
            except Refused as refusal:
                status = land(form, refusal)
            else:
                words = _("%(address)s on %(network)s is proved to be yours.")
                messages.success(
                    request, words % {"address": proved.shortened, "network": proved.get_network_display()}
                )
                return redirect("accounts:my_addresses")
    challenge = queries.open_challenge(request.user, challenge_id, at=timezone.now())
    if challenge is None:
        messages.info(request, _("That text is no longer good. Ask for another one."))
        return redirect("accounts:my_addresses")
    context = {"form": form, "challenge": challenge}
    return render(request, "accounts/wallets/prove_address.html", context, status=status)


@login_required
@never_cache
@require_POST
@refusals_are_pages
def make_primary_address(request: MemberRequest, address_id: UUID) -> HttpResponse:
    """Make an address the one to use on its network."""
    chosen = operations.make_primary_address(member=request.user, address_id=address_id, at=timezone.now())
    words = _("%(address)s is your primary address on %(network)s now.")
    messages.success(request, words % {"address": chosen.shortened, "network": chosen.get_network_display()})
    return redirect("accounts:my_addresses")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def remove_address(request: MemberRequest, address_id: UUID) -> HttpResponse:
    """Ask, then forget an address."""
    address = queries.own_address(request.user, address_id)
    if request.method == "POST":
        operations.remove_address(member=request.user, address_id=address_id, at=timezone.now())
        messages.success(request, _("%(address)s is removed.") % {"address": address.shortened})
        return redirect("accounts:my_addresses")
    context = {
        "address": address,
        "action_url": request.path,
        "cancel_url": reverse("accounts:my_addresses"),
        "danger": True,
    }
    return render(request, "accounts/wallets/remove_address.html", context)


def _list(request: MemberRequest, *, form: forms.AskForSignature, status: int, refusal: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "refusal": refusal,
        "addresses": queries.addresses_of(request.user),
        "are_shown": preferences.complete(request.user.profile.preferences)["show_addresses"],
    }
    return render(request, "accounts/wallets/my_addresses.html", context, status=status)
