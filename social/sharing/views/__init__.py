"""What programs ask for, one noun per file."""

from social.sharing.views.feeds import hot_atom, page_atom, tag_atom
from social.sharing.views.robots import robots
from social.sharing.views.sitemaps import sitemap, sitemaps

__all__ = ["hot_atom", "page_atom", "robots", "sitemap", "sitemaps", "tag_atom"]
