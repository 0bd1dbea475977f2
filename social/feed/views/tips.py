"""Tips in place: what one will do, what it did, and taking it back."""

from collections.abc import Callable
from decimal import Decimal
from math import ceil, floor
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.members import preferences
from accounts.members.acting_page import acting_page
from accounts.members.models import User
from accounts.wallets.models import Wallet
from config.lib.money import CoinsFormField
from config.lib.pages import refusals_are_pages, render_fragment_or_page, way_back
from config.lib.refusals import NotThere, Refused
from config.lib.runtime import figures
from config.templatetags.civitas import coins
from economy.ledger.models import Transfer
from social.feed import forms, models, operations, queries, rules
from social.feed.addresses import address_of_comment, address_of_post
from social.feed.views.frames import (
    MemberRequest,
    cards,
    land,
)
from social.feed.views.threads import as_comments

TAPS = 10


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def tip_post(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """Tip a post."""
    return _tip(request, queries.post_for(request.user, post_id), operations.tip_post, {"post_id": post_id})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def tip_comment(request: MemberRequest, comment_id: UUID) -> HttpResponse:
    """Tip a comment."""
    comment = queries.comment_for(request.user, comment_id)
    return _tip(request, comment, operations.tip_comment, {"comment_id": comment_id})


@login_required
@require_POST
@refusals_are_pages
def take_back(request: MemberRequest, tip_id: UUID) -> HttpResponse:
    """Take one's own tip back."""
    tip = models.Tip.objects.filter(pk=tip_id, spender=request.user).first()
    if tip is None:
        raise NotThere()
    refusal = None
    try:
        operations.take_back(spender=request.user, tip_id=tip_id, channel=Transfer.Channel.WEB, at=timezone.now())
        said = _("%(coins)s are yours again.") % {"coins": coins(tip.amount)}
    except Refused as refused:
        if refused.status not in (409, 422, 429):
            raise
        refusal, said = refused, str(refused)
    target = _target_of(request, tip)
    if target is None and refusal is not None:
        raise refusal
    if target is None:
        messages.success(request, said)
        home = reverse("social:feed_hot")
        return HttpResponseClientRedirect(home) if request.htmx else redirect(home)
    if request.htmx or refusal is not None:
        status = 200 if refusal is None else refusal.status
        return _slot(request, target, status=status, said=said, page="social/feed/tips.html")
    messages.success(request, said)
    return redirect(way_back(request, _address(target)))


def _tip(request: MemberRequest, target: Any, tip: Callable[..., models.Tip], which: dict[str, UUID]) -> HttpResponse:
    if request.method != "POST":
        if request.GET.get("part") == "closed":
            return _slot(request, target, page="social/feed/tips.html")
        return _offer(request, target)
    form = _form(target, request.POST)
    amount = form.cleaned_data["amount"] if form.is_valid() else None
    status = 422
    if amount is not None:
        try:
            given = tip(
                spender=request.user,
                page=acting_page(request),
                coins=amount,
                channel=Transfer.Channel.WEB,
                key=f"tip:{form.once}",
                at=timezone.now(),
                **which,
            )
        except Refused as refusal:
            land(form, refusal)
            status = 429 if refusal.status == 429 else 422
        else:
            return _tipped(request, target, given)
    context = _context(request, target, form, amount)
    return render_fragment_or_page(
        request, "social/feed/_tip_form.html", context, page="social/feed/tip.html", status=status
    )


def _offer(request: MemberRequest, target: Any) -> HttpResponse:
    """The form, or only what the amount that is being typed would do."""
    try:
        amount = CoinsFormField().clean(request.GET.get("amount") or _usual(request.user, target))
    except ValidationError:
        amount = None
    form = _form(target, initial={"amount": amount, "next": way_back(request, "")})
    context = _context(request, target, form, amount)
    if request.htmx and request.GET.get("part") == "preview":
        return render(request, "social/feed/_tip_preview.html", context)
    return render_fragment_or_page(request, "social/feed/_tip_form.html", context, page="social/feed/tip.html")


def _usual(member: User, target: Any) -> str:
    """What the form begins with: the member's usual tip as far as it fits, else the smallest."""
    least, left = figures().TIP_MIN, queries.left_to_tip(member, target)
    usual = Decimal(preferences.complete(member.profile.preferences)["usual_tip"] or least)
    return str(min(max(usual, least), max(left, least)))


def _form(target: Any, *data: Any, **given: Any) -> forms.Tip:
    # Several may stand on one page, so the fields' ids carry the target's.
    own_ids = f"tip-{target.pk}-%s"
    return forms.Tip(*data, least=figures().TIP_MIN, most=figures().TIP_MAX, auto_id=own_ids, **given)


def _taps(least: Decimal, most: Decimal) -> list[Decimal]:
    """Whole amounts to tap, ten of them at most: 1 to 10, or as many steps between others."""
    first, last = ceil(least), floor(most)
    step = max(1, ceil((last - first + 1) / TAPS))
    return [Decimal(coins) for coins in range(first, last + 1, step)]


def _context(request: MemberRequest, target: Any, form: forms.Tip, amount: Decimal | None) -> dict[str, Any]:
    """The form with what will happen: what one keeps, where the coins go, and whether it can happen at all."""
    settings = figures()
    context = _about(target) | {"form": form, "amount": amount, "least": settings.TIP_MIN, "most": settings.TIP_MAX}
    left = queries.left_to_tip(request.user, target)
    context |= {"left": left, "is_full": left < settings.TIP_MIN, "taps": _taps(settings.TIP_MIN, settings.TIP_MAX)}
    if amount is not None and settings.TIP_MIN <= amount <= left:
        available = Wallet.objects.get(user=request.user).available
        split = rules.split_tip(
            amount, creator_share=settings.TIP_CREATOR_SHARE, treasury_share=settings.TIP_TREASURY_SHARE
        )
        writer, *others = queries.parts_of_tip(target, split.to_creator, request.user)
        context |= {
            "keep": available - amount,
            "available": available,
            "hours": settings.REFUND_WINDOW_HOURS,
            "split": split,
            "writer": writer,
            "others": others,
        }
    return context


def _tipped(request: MemberRequest, target: Any, tip: models.Tip) -> HttpResponse:
    others = len(queries.parts_of_tip(target, tip.to_creator, request.user)) - 1
    said = ngettext(
        "You tipped %(coins)s. %(who)s and %(n)d co-author get %(share)s unless you take it back in time.",
        "You tipped %(coins)s. %(who)s and %(n)d co-authors get %(share)s unless you take it back in time.",
        others,
    )
    if not others:
        said = _("You tipped %(coins)s. %(who)s gets %(share)s unless you take it back in time.")
    said %= {
        "coins": coins(tip.amount),
        "who": target.page.display_name,
        "share": coins(tip.to_creator),
        "n": others,
    }
    if request.htmx:
        target.refresh_from_db(fields=["total_tokens_received", "unique_spenders_count"])
        return _slot(request, target, said=said)
    messages.success(request, said)
    return redirect(way_back(request, _address(target)))


def _slot(
    request: MemberRequest, target: Any, *, status: int = 200, said: str = "", page: str | None = None
) -> HttpResponse:
    """The place on a card where tips are: how much there is, one's own with their time left, and what just happened."""
    (as_comments if isinstance(target, models.Comment) else cards)(request, [target])
    context = _about(target) | {"said": said, "is_refused": status >= 400, "is_swapped": bool(request.htmx)}
    return render_fragment_or_page(request, "social/feed/_tips.html", context, page=page, status=status)


def _target_of(request: MemberRequest, tip: models.Tip) -> Any:
    """What was tipped; None when it is no longer shown, such as a comment below a post that was removed."""
    try:
        if tip.post_id is not None:
            return queries.post_for(request.user, tip.post_id)
        return queries.comment_for(request.user, cast(UUID, tip.comment_id))
    except NotThere:
        return None


def _about(target: Any) -> dict[str, Any]:
    is_comment = isinstance(target, models.Comment)
    return {"row": target, "kind": "comment" if is_comment else "post", "address": _address(target)}


def _address(target: Any) -> str:
    if isinstance(target, models.Comment):
        return address_of_comment(target.post_id, target.pk)
    return address_of_post(target.pk)
