"""What keeps the account safe, on one page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.signin import queries, rules
from accounts.signin.operations import passwords
from accounts.signin.views.frames import MemberRequest


@login_required
@never_cache
@require_safe
def security(request: MemberRequest) -> HttpResponse:
    """The number, the other ways in, the second factor, and where the member is signed in."""
    now, member = timezone.now(), request.user
    signed_in = len(queries.browsers_of(member, at=now)) + len(queries.programs_of(member, at=now))
    context = {
        "number": rules.masked(str(member.phone_number or "")),
        "has_password": passwords.has_password(member),
        "recovery_codes": queries.recovery_codes_left(member) if member.has_second_factor else 0,
        "signed_in": signed_in,
        "held_until": member.coins_held_until
        if member.coins_held_until is not None and member.coins_held_until > now
        else None,
    }
    return render(request, "accounts/signin/security.html", context)
