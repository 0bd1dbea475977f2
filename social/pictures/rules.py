"""Which files a picture has, and how they are named."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from config.lib.images import edges_of, fitted

FOLDER = "pictures"
MOST = 4  # of one post
LONGEST_ALT = 300


def file_name(picture: UUID | str, edge: int) -> str:
    """The file of a picture for one long edge."""
    return f"{FOLDER}/{UUID(str(picture)).hex}-{edge}.webp"


def file_names(picture: UUID | str, *, width: int, height: int) -> list[str]:
    """All files of a picture whose largest one has these pixels, the smallest first."""
    return [file_name(picture, edge) for edge in edges_of(width, height)]


def sizes(picture: Mapping[str, Any]) -> list[tuple[str, int, int]]:
    """File, width and height of each size of a picture as `Post.carries` keeps it, the smallest first."""
    width, height = picture["width"], picture["height"]
    return [(file_name(picture["id"], edge), *fitted(width, height, edge)) for edge in edges_of(width, height)]
