"""What every page shows of the member who looks at it: their coins and the page they act as."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.members.acting_page import acting_page, open_pages
from accounts.wallets.models import Wallet


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame around a page, read only when shown: `wallet`, `acting_page`, `open_pages` of the member."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "wallet": SimpleLazyObject(lambda: Wallet.objects.get(user=user)),
        "acting_page": SimpleLazyObject(lambda: acting_page(request)),
        "open_pages": SimpleLazyObject(lambda: open_pages(request)),
    }
