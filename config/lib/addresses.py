"""The network address of a caller, believed only as far as the proxies that we run (TRUSTED_PROXIES) vouch for it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The caller's address: the entry of X-Forwarded-For written by our outermost proxy, or the socket's peer."""
    peer = request.META.get("REMOTE_ADDR") or "0.0.0.0"  # noqa: S104 - a unix socket has no peer address
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        if len(hops) >= settings.TRUSTED_PROXIES:
            peer = hops[-settings.TRUSTED_PROXIES]
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])  # the zone of a link-local address is ours, not theirs
    except ValueError:
        return "0.0.0.0"  # noqa: S104
    # A socket of both families writes IPv4 as ::ffff:1.2.3.4, which all would lie in one block of IPv6.
    return str(getattr(address, "ipv4_mapped", None) or address)


def block_of(address: str) -> str:
    """What one subscriber usually holds: an IPv4 address, or the /64 of an IPv6 one. Limits count by it."""
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
