"""Signing in by e-mail and password, and getting a new password by e-mail."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.signin import forms
from accounts.signin.operations import enter_by_password, resets
from accounts.signin.views.frames import land, page
from accounts.signin.views.opening import go_on
from config.lib.addresses import address_of
from config.lib.pages import refusals_are_pages, way_back
from config.lib.refusals import Refused
from config.lib.runtime import figures
from config.lib.wording import duration


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password")
@refusals_are_pages
def signin_password(request: HttpRequest) -> HttpResponse:
    """Take a confirmed address and its password. What is wrong of the two is not said."""
    onward = way_back(request, "/")
    if request.user.is_authenticated:
        return redirect(onward)
    form = forms.EmailAndPasswordForm(request.POST or None)
    status, refusal = (422 if form.is_bound else 200), None
    if form.is_valid():
        try:
            result = enter_by_password(address=address_of(request), at=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            refusal, status = refused, land(form, refused)
        else:
            return go_on(request, result, onward=onward)
    return page(request, "signin_password", {"form": form, "onward": onward}, status=status, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@refusals_are_pages
def ask_for_reset(request: HttpRequest) -> HttpResponse:
    """Have a link sent to an address. The answer is the same whether or not anyone has confirmed it."""
    form = forms.EmailForm(request.POST or None)
    status, refusal, sent_to = (422 if form.is_bound else 200), None, ""
    if form.is_valid():
        email = form.cleaned_data["email"]
        try:
            resets.ask_for_reset(email=email, address=address_of(request), at=timezone.now())
        except Refused as refused:
            refusal, status = refused, land(form, refused)
        else:
            sent_to, status = email, 200
    context = {"form": form, "sent_to": sent_to, "shows_outbox": settings.DEBUG and bool(sent_to)}
    return page(request, "ask_for_reset", context, status=status, refusal=refusal)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password")
@refusals_are_pages
def reset_password(request: HttpRequest, secret: str) -> HttpResponse:
    """Where the link leads: take a new password. Nobody is signed in by it; everything that was signed in ends."""
    now = timezone.now()
    resets.must_be_good(secret=secret, at=now)
    form = forms.NewPasswordForm(request.POST or None)
    status, refusal = (422 if form.is_bound else 200), None
    if form.is_valid():
        try:
            resets.reset_password(secret=secret, password=form.cleaned_data["password"], at=now)
        except resets.LinkNoGood:
            raise  # a second click: the page of its status says so
        except Refused as refused:
            refusal, status = refused, land(form, refused)
        else:
            messages.success(request, _("The new password is set. Sign in with it."))
            return redirect("accounts:signin_password")
    context = {"form": form, "held": duration(figures().COINS_HELD_HOURS * 3600)}
    return page(request, "reset_password", context, status=status, refusal=refusal)
