"""Pictures of posts, as a page draws them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.core.files.storage import default_storage

from social.pictures import rules

register = template.Library()


@register.filter
def drawn(picture: Any) -> dict[str, Any]:
    """A picture, as a row or as a post's card keeps it, with what <img> needs: addresses, their widths, its size."""
    kept = picture if isinstance(picture, Mapping) else vars(picture)
    sizes = [(default_storage.url(name), width) for name, width, _height in rules.sizes(kept)]
    return {
        "id": kept["id"],
        "alt": kept["alt"],
        "width": kept["width"],
        "height": kept["height"],
        "is_tall": kept["height"] > kept["width"],
        "smallest": sizes[0][0],
        "largest": sizes[-1][0],
        "middle": sizes[min(1, len(sizes) - 1)][0],
        "srcset": ", ".join(f"{url} {width}w" for url, width in sizes),
    }


@register.filter
def all_drawn(pictures: Sequence[Any]) -> list[dict[str, Any]]:
    """`drawn` of each."""
    return [drawn(picture) for picture in pictures]
