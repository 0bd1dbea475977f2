"""Comments: write, edit, remove."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.members.acting_page import acting_page
from config.lib.pages import refusals_are_pages, render_fragment_or_page
from config.lib.refusals import NotAllowed, NotThere, Refused, StaleVersion
from economy.ledger.models import Transfer
from social.feed import forms, models, operations, queries
from social.feed.addresses import address_of_comment
from social.feed.operations.editions import edition, while_unchanged
from social.feed.views.frames import (
    MemberRequest,
    gone,
    land,
    land_stale,
    reason_form,
    was_read,
)
from social.feed.views.threads import comment_form, threads


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def write_comment(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """Comment on a post, or answer a comment (`parent`). In place the whole thread is drawn anew."""
    is_post = request.method == "POST"
    parent_id = (request.POST if is_post else request.GET).get("parent", "")
    # Several may stand on one page, so the fields' ids carry the answered comment's.
    own_ids = f"comment-{parent_id or 'new'}-%s"
    form = forms.WriteComment(request.POST, auto_id=own_ids) if is_post else None
    try:
        post = queries.post_for(request.user, post_id)
        parent = _parent(request, post, parent_id)
        if form is None:
            empty = forms.WriteComment(initial={"parent": parent.pk if parent else None}, auto_id=own_ids)
            empty.fields["content"].widget.attrs["autofocus"] = True
            return _form(request, comment_form(request, post, empty) | {"parent": parent}, status=200)
        if form.is_valid():
            comment = operations.write_comment(
                author=request.user,
                page=acting_page(request),
                post_id=post_id,
                parent_id=form.cleaned_data["parent"],
                content=form.cleaned_data["content"],
                channel=Transfer.Channel.WEB,
                key=f"comment:{form.once}",
                at=timezone.now(),
            )
            if not request.htmx:
                return redirect(address_of_comment(post_id, comment.pk))
            post.refresh_from_db(fields=["comments_count"])
            return render(request, "social/feed/_comments.html", threads(request, post, new=comment, is_swapped=True))
    except NotThere:
        return _retargeted(gone(request, request.POST.get("content", "")), parent_id)
    except Refused as refusal:
        land(form, refusal)
    return _form(request, comment_form(request, post, form) | {"parent": parent}, status=422)


def _form(request: MemberRequest, context: dict, *, status: int) -> HttpResponse:
    response = render_fragment_or_page(
        request, "social/feed/_comment_form.html", context, page="social/feed/write_comment.html", status=status
    )
    return _retargeted(response, context["parent"].pk if context["parent"] else "") if status >= 400 else response


def _retargeted(response: HttpResponse, parent_id: object) -> HttpResponse:
    """A refused form is drawn where it stood; only a written comment draws the thread."""
    response.headers["HX-Retarget"] = f"#comment-form-{parent_id}" if parent_id else "#comment-form"
    response.headers["HX-Reswap"] = "outerHTML"
    return response


def _parent(request: MemberRequest, post: models.Post, parent_id: str) -> models.Comment | None:
    """The comment that is to be answered. May refuse with NotThere."""
    if not parent_id:
        return None
    try:
        parent = queries.comment_for(request.user, UUID(parent_id))
    except ValueError as error:
        raise NotThere() from error
    if parent.post_id != post.pk:
        raise NotThere()
    return parent


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def edit_comment(request: MemberRequest, comment_id: UUID) -> HttpResponse:
    """Change one's own comment."""
    try:
        comment = queries.comment_to_change(request.user, comment_id)
    except NotThere:
        return gone(request, request.POST.get("content", ""))
    if comment.user_id != request.user.pk:
        raise NotAllowed()
    context = {"comment": comment, "cancel_url": address_of_comment(comment.post_id, comment.pk)}
    if request.method != "POST":
        form = forms.EditComment(initial={"content": comment.content, "edition": edition(comment)})
        return render(request, "social/feed/edit_comment.html", {"form": form, **context})
    form = forms.EditComment(request.POST)
    if form.is_valid():
        words = form.cleaned_data["content"]
        try:
            with while_unchanged(comment, is_read=lambda present: was_read(form, present)):
                operations.edit_comment(editor=request.user, comment_id=comment_id, content=words, at=timezone.now())
        except StaleVersion:
            context |= {"is_stale": land_stale(form, comment)}
        except Refused as refusal:
            land(form, refusal)
        else:
            messages.success(request, _("Your comment is changed."))
            return redirect(address_of_comment(comment.post_id, comment.pk))
    return render(request, "social/feed/edit_comment.html", {"form": form, **context}, status=422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_are_pages
def remove_comment(request: MemberRequest, comment_id: UUID) -> HttpResponse:
    """Ask, then remove a comment: its author or a moderator. Its place in the thread stays."""
    comment = queries.comment_to_change(request.user, comment_id)
    form = reason_form(request, comment)
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form else ""
        operations.remove_comment(remover=request.user, comment_id=comment_id, reason=reason, at=timezone.now())
        messages.success(request, _("The comment is removed. Tips inside their time went back to their givers."))
        return redirect(address_of_comment(comment.post_id, comment.pk))
    context = {
        "comment": comment,
        "form": form,
        "cancel_url": address_of_comment(comment.post_id, comment.pk),
        "action_url": request.path,
        "danger": True,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "social/feed/remove_comment.html", context, status=status)
