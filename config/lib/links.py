"""Links in what leaves the site: e-mails are written by jobs, which have no request to go by."""

from django.conf import settings


def absolute(path: str) -> str:
    """A path of the site with the site's address (SITE_ADDRESS) before it."""
    return settings.SITE_ADDRESS.rstrip("/") + path
