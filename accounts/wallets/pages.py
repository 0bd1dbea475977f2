"""What every page shows of the member who looks at it: their coins and the page they act as."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.members.acting_page import acting_page, are_read, keep_pages, open_pages
from accounts.members.models import User
from accounts.members.queries import pages_of
from accounts.notifications.queries import with_unread
from accounts.wallets.models import Wallet


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame around a page, read only when shown: coins, unread notifications, pages to act as."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}

    @cache
    def wallet() -> Any:
        return _wallet(request, user)

    def beside_coins(read: Callable[[HttpRequest], Any]) -> Any:
        """Pages stand beside coins wherever they stand: whichever is shown first, one query reads both."""
        if not are_read(request):
            wallet()
        return read(request)

    return {
        "wallet": SimpleLazyObject(wallet),
        # Of the same query; the pages that show another wallet of their own still count by this one.
        "unread_notifications": lambda: wallet().unread_notifications,
        "acting_page": SimpleLazyObject(lambda: beside_coins(acting_page)),
        "open_pages": SimpleLazyObject(lambda: beside_coins(open_pages)),
    }


def _wallet(request: HttpRequest, member: User) -> Any:
    """The member's wallet as it is now, with the count of what they have not read; with it their pages, if need be."""
    if are_read(request):
        return with_unread(Wallet.objects.filter(user=member)).get()
    pages = list(with_unread(pages_of(member)).select_related("user__wallet"))
    wallet: Any = pages[0].user.wallet
    wallet.unread_notifications = pages[0].unread_notifications
    for page in pages:
        page.user = member
    keep_pages(request, pages)
    return wallet
