"""One's pages: which there are, how each presents itself, and which one acts as."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.members import acting_page, forms, operations, queries
from accounts.members.models import Page
from accounts.members.views.frames import MemberRequest, land
from config.lib.pages import refusals_are_pages, way_back
from config.lib.refusals import Refused
from config.lib.runtime import figures


@login_required
@never_cache
@require_safe
@refusals_are_pages
def my_pages(request: MemberRequest) -> HttpResponse:
    """The member's pages, and which one they act as."""
    pages, most = queries.own_pages(request.user), figures().PAGES_PER_ACCOUNT
    context = {"pages": pages, "most": most, "has_room": len(pages) < most}
    return render(request, "accounts/members/my_pages.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def open_page(request: MemberRequest) -> HttpResponse:
    """Open a further page."""
    form = forms.OpenPage(request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            page = operations.open_page(member=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            status = land(form, refusal)
        else:
            messages.success(
                request, _("@%(name)s is open. Give it a picture, or act as it.") % {"name": page.username}
            )
            return redirect("accounts:edit_page", page.username)
    return render(request, "accounts/members/open_page.html", {"form": form}, status=status)


@login_required
@never_cache
@require_POST
@refusals_are_pages
def act_as(request: MemberRequest) -> HttpResponse:
    """Act as another of one's pages from now on, in this browser."""
    page = queries.own_page(request.user, request.POST.get("page", ""))
    acting_page.act_as(request, page)
    messages.success(request, _("You act as @%(name)s now.") % {"name": page.username})
    return redirect(way_back(request, reverse("accounts:my_pages")))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def edit_page(request: MemberRequest, username: str) -> HttpResponse:
    """How a page presents itself: its name and a few words; beside it, picture, username and whether it is open."""
    page = queries.own_page(request.user, username)
    if request.method != "POST":
        return _page(request, page)

    def edit(words: dict[str, Any]) -> Page:
        return operations.edit_page(editor=request.user, page_id=page.pk, at=timezone.now(), **words)

    return _change(request, page, "form", forms.EditPage(request.POST), edit, _("The page is saved."))


@login_required
@never_cache
@require_POST
@refusals_are_pages
def change_username(request: MemberRequest, username: str) -> HttpResponse:
    """Give a page another name."""
    page = queries.own_page(request.user, username)

    def rename(given: dict[str, Any]) -> Page:
        return operations.change_username(editor=request.user, page_id=page.pk, at=timezone.now(), **given)

    form = forms.ChangeUsername(request.POST, auto_id="name-%s")
    return _change(request, page, "name_form", form, rename, _("The page has its new name; the old one leads to it."))


@login_required
@never_cache
@require_POST
@refusals_are_pages
def set_picture(request: MemberRequest, username: str) -> HttpResponse:
    """Give a page a picture."""
    page = queries.own_page(request.user, username)

    def draw(given: dict[str, Any]) -> Page:
        upload = given["picture"]
        return operations.set_picture(editor=request.user, page_id=page.pk, upload=upload, at=timezone.now())

    form = forms.SetPicture(request.POST, request.FILES, auto_id="picture-%s")
    return _change(request, page, "picture_form", form, draw, _("The page has its new picture."))


@login_required
@never_cache
@require_POST
@refusals_are_pages
def remove_picture(request: MemberRequest, username: str) -> HttpResponse:
    """Take a page's picture away."""
    page = queries.own_page(request.user, username)
    operations.remove_picture(editor=request.user, page_id=page.pk, at=timezone.now())
    messages.success(request, _("The picture is gone; initials stand in its place."))
    return redirect("accounts:edit_page", page.username)


@login_required
@never_cache
@require_POST
@refusals_are_pages
def make_primary(request: MemberRequest, username: str) -> HttpResponse:
    """Make a page the first one, by which the account is known."""
    page = queries.own_page(request.user, username)
    operations.make_primary(member=request.user, page_id=page.pk, at=timezone.now())
    messages.success(request, _("@%(name)s is your first page now.") % {"name": page.username})
    return redirect("accounts:my_pages")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def close_page(request: MemberRequest, username: str) -> HttpResponse:
    """Ask, then show a page and what was written as it no longer."""
    page = queries.own_page(request.user, username)
    if request.method == "POST":
        operations.close_page(member=request.user, page_id=page.pk, at=timezone.now())
        messages.success(request, _("@%(name)s is closed. You can reopen it at any time.") % {"name": page.username})
        return redirect("accounts:my_pages")
    context = {
        "page": page,
        "action_url": request.path,
        "cancel_url": reverse("accounts:edit_page", args=[page.username]),
        "danger": True,
    }
    return render(request, "accounts/members/close_page.html", context)


@login_required
@never_cache
@require_POST
@refusals_are_pages
def reopen_page(request: MemberRequest, username: str) -> HttpResponse:
    """Show a closed page again."""
    page = queries.own_page(request.user, username)
    operations.reopen_page(member=request.user, page_id=page.pk, at=timezone.now())
    messages.success(request, _("@%(name)s is open again.") % {"name": page.username})
    return redirect("accounts:my_pages")


def _change(
    request: MemberRequest, page: Page, name: str, form: Any, change: Callable[[dict[str, Any]], Page], said: str
) -> HttpResponse:
    """One of the page's forms: done and back to it, or the page again with what stands in the way."""
    status = 422
    if form.is_valid():
        try:
            page = change(form.cleaned_data)
        except Refused as refusal:
            status = land(form, refusal)
        else:
            messages.success(request, said)
            return redirect("accounts:edit_page", page.username)
    return _page(request, page, status=status, **{name: form})


def _page(request: MemberRequest, page: Page, *, status: int = 200, **given: Any) -> HttpResponse:
    settings = figures()
    context = {
        "page": page,
        "form": forms.page_form(page),
        "name_form": forms.ChangeUsername(auto_id="name-%s"),
        "picture_form": forms.SetPicture(auto_id="picture-%s"),
        "kept_days": settings.FORMER_NAME_DAYS,
        "changes": settings.USERNAME_CHANGES,
        "change_days": settings.USERNAME_CHANGE_DAYS,
        **given,
    }
    return render(request, "accounts/members/edit_page.html", context, status=status)
