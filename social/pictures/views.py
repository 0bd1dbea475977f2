"""The page's door to pictures: what a script sends from the composer, one by one."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from config.lib.refusals import Refused
from social.feed.views.frames import MemberRequest
from social.pictures import forms, operations


@login_required
@never_cache
@require_POST
def send_picture(request: MemberRequest) -> HttpResponse:
    """Take in one picture; the answer is its place in the composer, or why there is none, in plain words."""
    form = forms.SendPicture(request.POST, request.FILES)
    if not form.is_valid():
        return HttpResponse(form.errors["picture"][0], status=422, content_type="text/plain; charset=utf-8")
    try:
        picture = operations.send_picture(sender=request.user, upload=form.cleaned_data["picture"], at=timezone.now())
    except Refused as refusal:
        response = HttpResponse(str(refusal), status=refusal.status, content_type="text/plain; charset=utf-8")
        if refusal.retry_after:
            response.headers["Retry-After"] = str(refusal.retry_after)
        return response
    return render(request, "social/pictures/_kept.html", {"picture": picture, "name": "pictures-kept"}, status=201)
