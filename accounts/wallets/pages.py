"""What every page shows of the member who looks at it: their coins and the page they act as."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.members.acting_page import acting_page, open_pages
from accounts.notifications.queries import with_unread
from accounts.wallets.models import Wallet


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame around a page, read only when shown: coins, unread notifications, pages to act as."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    wallet = SimpleLazyObject(lambda: with_unread(Wallet.objects.filter(user=user)).get())
    return {
        "wallet": wallet,
        # Of the same query; the pages that show another wallet of their own still count by this one.
        "unread_notifications": lambda: wallet.unread_notifications,
        "acting_page": SimpleLazyObject(lambda: acting_page(request)),
        "open_pages": SimpleLazyObject(lambda: open_pages(request)),
    }
