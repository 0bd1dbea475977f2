"""What the feed's pages share: rows as they are shown, the composer, and how a refusal lands."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from accounts.members.models import User
from config.lib.idempotency import KeyReused
from config.lib.money import ZERO
from config.lib.pages import render_fragment_or_page
from config.lib.pagination import Slice
from config.lib.refusals import NotAllowed, NotThere, Refused
from config.lib.runtime import figures
from social.feed import extras, forms, models, queries
from social.feed.addresses import address_of_post as address_of_post
from social.feed.extras import ExtraForm
from social.feed.forms import WritePost, redraw
from social.feed.operations.editions import edition
from social.feed.ranking import place_of


class PageRequest(HttpRequest):
    """By type: a request with what our middleware adds to it."""

    htmx: HtmxDetails


class MemberRequest(PageRequest):
    """By type: a request of a member, for views that let nobody else in."""

    user: User


# What a member can mend on the form itself. Anything else (404, 403, busy) is a page of its own.
_ON_THE_FORM = (400, 409, 413, 415, 422, 429)


def land(form: Any, refusal: Refused) -> None:
    """Put a refusal on the form, at its field when it names one; what was typed stays. Others go on as they are."""
    if refusal.status not in _ON_THE_FORM:
        raise refusal
    if isinstance(refusal, KeyReused) and "key" in form.fields:
        said = _("This form was sent before, with other words. These are new: send them once more.")
        form.add_error(None, said)
        redraw(form, key=str(uuid4()))
        return
    # Where there is one field to fill in, the sentence above it is enough.
    field = refusal.field if refusal.field in form.fields and len(form.visible_fields()) > 1 else None
    if hasattr(form, "refuse"):
        form.refuse(refusal, field)
    else:
        form.add_error(field, str(refusal))


def land_on_part(form: Any, parts: Sequence[ExtraForm], refusal: Refused) -> None:
    """Put a refusal on the part of the composer that it is about, else on the form itself."""
    part = next((part for part in parts if part.prefix == refusal.part), None)
    # What a part names may have gone meanwhile; the words have not.
    if part is None or refusal.status not in (*_ON_THE_FORM, 404):
        land(form, refusal)
        return
    if part.extra.shown is None:  # type: ignore[attr-defined]
        form.add_error(None, str(refusal))
    else:
        part.add_error(refusal.field if refusal.field in part.fields else None, str(refusal))
    # The next try is a new command.
    redraw(form, key=str(uuid4()))


def land_stale(form: django_forms.Form, row: models.Post | models.Comment) -> bool:
    """The words were changed in another tab: say so, show those beside these, let the next try be a decision."""
    row.refresh_from_db(fields=["content", "html", "edited_at"])
    form.add_error(
        None, _("This was changed in another tab since you opened it. Saving again replaces those words with yours.")
    )
    redraw(form, edition=edition(row))
    return True


def reason_form(request: MemberRequest, content: models.Post | models.Comment) -> forms.RemoveAsStaff | None:
    """What a moderator fills in to remove what is another's; None for whoever removes their own. May refuse with
    NotAllowed."""
    if content.user_id == request.user.pk:
        return None
    if not request.user.is_staff:
        raise NotAllowed()
    return forms.RemoveAsStaff(request.POST if request.method == "POST" else None)


def was_read(form: django_forms.Form, present: str) -> bool:
    """Whether the form was drawn with the present edition."""
    return form.cleaned_data["edition"] in ("", present)


def gone(request: PageRequest, words: str) -> HttpResponse:
    """What a form was for is no longer there: say so, and give back the words that were typed."""
    if not words:
        raise NotThere()
    context = {"words": words}
    return render_fragment_or_page(request, "social/feed/_gone.html", context, page="social/feed/gone.html", status=404)


def cards(request: PageRequest, posts: Sequence[models.Post]) -> Sequence[models.Post]:
    """Posts as cards: each with the reader's own open tips on it (one query for all), and why it is there."""
    own = queries.tips_on(request.user, posts)
    at, settings = timezone.now(), figures()
    for post in posts:
        post.own_tips = own.get(post.pk, [])  # type: ignore[attr-defined]
        post.extras = extras.on_card(post)  # type: ignore[attr-defined]
        post.place = place_of(post, at=at, settings=settings)  # type: ignore[attr-defined]
    return posts


def _price_of_next_post(member: User, *, at: datetime) -> Decimal:
    """As `queries.price_of_next_post`; for most, who have not posted of late, known without asking."""
    last, rapid = member.last_posted_at, timedelta(minutes=figures().RAPID_POST_MINUTES)
    if (last is not None and at - last >= rapid) or (last is None and not member.posts_created_count):
        return ZERO
    return queries.price_of_next_post(author=member, at=at)


def composer(
    request: PageRequest, form: WritePost | None = None, parts: Sequence[ExtraForm] | None = None
) -> dict[str, Any]:
    """Context of the form for a new post with its parts: what it would cost now, why, and until when.

    Nothing for visitors.
    """
    if not request.user.is_authenticated:
        return {}
    fee = _price_of_next_post(request.user, at=timezone.now())
    context: dict[str, Any] = {
        "form": form or WritePost(auto_id="post-%s"),
        "parts": extras.parts_of(member=request.user) if parts is None else parts,
        "fee": fee,
    }
    if fee > ZERO:
        moments = models.Post.objects.filter(user=request.user).order_by("-id").values_list("created_at", flat=True)
        last = moments[0]
        context |= {"last_at": last, "free_at": last + timedelta(minutes=figures().RAPID_POST_MINUTES)}
    return context


def neighbours(request: PageRequest, found: Slice) -> dict[str, str]:
    """The addresses of the older and the newer part of a list."""
    return {
        name: f"{request.path}?cursor={cursor}" if cursor else ""
        for name, cursor in (("next", found.next), ("previous", found.previous))
    }
