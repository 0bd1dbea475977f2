"""Posts: read, write, edit, remove."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.members.acting_page import acting_page
from config.lib.pages import refusals_are_pages, render_fragment_or_page
from config.lib.refusals import NotAllowed, NotThere, Refused, StaleVersion
from economy.ledger.models import Transfer
from social.feed import extras, forms, operations, queries
from social.feed.addresses import address_of_post
from social.feed.operations.editions import edition, while_unchanged
from social.feed.views.frames import (
    MemberRequest,
    PageRequest,
    cards,
    composer,
    gone,
    land,
    land_on_part,
    land_stale,
    reason_form,
    was_read,
)
from social.feed.views.readers import count_reader
from social.feed.views.threads import threads


@require_safe
@refusals_are_pages
def read_post(request: PageRequest, post_id: UUID) -> HttpResponse:
    """A post with its comments."""
    post = queries.post_for(request.user, post_id)
    count_reader(request, post)
    cards(request, [post])
    post.extras = extras.on_page(post, request.user, timezone.now())  # type: ignore[attr-defined]
    context = threads(request, post, tippers=queries.tippers_of(post, request.user, most=12))
    return render(request, "social/feed/read_post.html", context | {"quotes": queries.quoted_in(post, request.user)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def write_post(request: MemberRequest) -> HttpResponse:
    """Write a post; from the feed's composer it appears in place."""
    if request.method != "POST":
        return render(request, "social/feed/write_post.html", composer(request))
    form = forms.WritePost(request.POST, auto_id="post-%s")
    parts = extras.parts_of(member=request.user, data=request.POST, files=request.FILES)
    if extras.are_usable(form, parts, at=timezone.now()):
        try:
            post = operations.write_post(
                author=request.user,
                page=acting_page(request),
                content=form.cleaned_data["content"],
                title=form.cleaned_data["title"],
                channel=Transfer.Channel.WEB,
                key=f"post:{form.once}",
                carrying=extras.values_of(parts),
                at=timezone.now(),
            )
        except Refused as refusal:
            land_on_part(form, parts, refusal)
        else:
            if request.htmx:
                cards(request, [post])
                context = {**composer(request), "post": post, "is_new": True}
                return render(request, "social/feed/_written_post.html", context)
            messages.success(request, _("Your post is out."))
            return redirect("social:read_post", post.pk)
    return render_fragment_or_page(
        request,
        "social/feed/_composer.html",
        composer(request, form, parts),
        page="social/feed/write_post.html",
        status=422,
    )


@login_required
@require_GET
def price_of_post(request: MemberRequest) -> HttpResponse:
    """What a post would cost now; asked again when the price changes by itself."""
    return render(request, "social/feed/_post_price.html", composer(request))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def edit_post(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """Change one's own post."""
    try:
        post = queries.post_for(request.user, post_id)
    except NotThere:
        return gone(request, request.POST.get("content", ""))
    if post.user_id != request.user.pk:
        raise NotAllowed()
    if request.method != "POST":
        form = forms.EditPost(initial={"title": post.title, "content": post.content, "edition": edition(post)})
        return render(request, "social/feed/edit_post.html", {"form": form, "post": post})
    form = forms.EditPost(request.POST)
    context = {"form": form, "post": post}
    if form.is_valid():
        words = {"title": form.cleaned_data["title"], "content": form.cleaned_data["content"]}
        try:
            with while_unchanged(post, is_read=lambda present: was_read(form, present)):
                operations.edit_post(editor=request.user, post_id=post_id, at=timezone.now(), **words)
        except StaleVersion:
            context |= {"is_stale": land_stale(form, post)}
        except Refused as refusal:
            land(form, refusal)
        else:
            messages.success(request, _("Your post is changed."))
            return redirect("social:read_post", post_id)
    return render(request, "social/feed/edit_post.html", context, status=422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def remove_post(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """Ask, then remove a post: its author or a moderator."""
    post = queries.post_for(request.user, post_id)
    form = reason_form(request, post)
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form else ""
        operations.remove_post(remover=request.user, post_id=post_id, reason=reason, at=timezone.now())
        messages.success(request, _("The post is removed. Tips inside their time went back to their givers."))
        return redirect("social:page", post.page.username)
    context = {"post": post, "form": form, "cancel_url": address_of_post(post.pk), "action_url": request.path}
    status = 422 if request.method == "POST" else 200
    return render(request, "social/feed/remove_post.html", context | {"danger": True}, status=status)
