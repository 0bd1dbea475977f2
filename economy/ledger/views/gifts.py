"""Giving some of it away."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.members.queries import Renamed, member_of, page_by_username
from config.lib.pages import refusals_are_pages
from config.lib.refusals import NotThere, Refused
from economy.ledger import operations, queries
from economy.ledger.forms import Gift, fresh_key
from economy.ledger.models import Transfer


@login_required
@require_http_methods(["GET", "POST"])
@refusals_are_pages
def send_gift(request: HttpRequest) -> HttpResponse:
    """Give coins to another member: say to whom and how many, and it is done and shown."""
    mine = queries.wallet_of(member_of(request))
    form = Gift(request.POST or None, initial={"to": request.GET.get("to", ""), "key": fresh_key()})
    status = 422
    if request.method == "POST" and form.is_valid():
        gift = form.cleaned_data
        try:
            receiver = page_by_username(gift["to"])
            movement = operations.give(
                giver=mine,
                receiver=queries.wallet_of(receiver.user),
                coins=gift["amount"],
                memo=gift["memo"],
                key=f"gift:{gift['key']}",
                channel=Transfer.Channel.WEB,
                at=timezone.now(),
            )
        except Renamed as refusal:
            form.add_error("to", str(refusal))
        except NotThere:
            form.add_error("to", _("There is no member of that name."))
        except Refused as refusal:
            if refusal.status >= 500:
                raise  # nothing that the member can mend on the form; sent again, its key gives once
            form.refuse(refusal)
            status = 429 if refusal.status == 429 else 422
        else:
            messages.success(
                request,
                _("%(name)s has your gift of %(coins)s coins. You keep %(left)s.")
                % {"name": receiver.display_name, "coins": gift["amount"], "left": movement.balance_after},
            )
            return redirect("economy:wallet")
    context = {"form": form, "wallet": mine}
    return render(request, "economy/ledger/send_gift.html", context, status=status if form.errors else 200)
