"""Pages about oneself."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
@login_required
def settings(request: HttpRequest) -> HttpResponse:
    """All that can be set, as a list; on phones it is the way between the pages."""
    return render(request, "accounts/members/settings.html")
