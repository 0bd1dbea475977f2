"""What a member wants of their feeds."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.members import preferences
from accounts.members.operations import set_preferences
from social.feed import forms
from social.feed.views.frames import MemberRequest


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose_feeds(request: MemberRequest) -> HttpResponse:
    """How much standing a post must have to be in one's feeds."""
    if request.method == "POST":
        form = forms.ChooseFeeds(request.POST)
        if form.is_valid():
            set_preferences(member=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Your feeds follow this from now on."))
            return redirect("social:choose_feeds")
        return render(request, "social/feed/choose_feeds.html", {"form": form}, status=422)
    chosen = preferences.complete(request.user.profile.preferences)
    form = forms.ChooseFeeds(initial={name: chosen[name] for name in forms.ChooseFeeds.base_fields})
    return render(request, "social/feed/choose_feeds.html", {"form": form})
