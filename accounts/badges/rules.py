"""Pure rules about badges."""

# Icons of the sprite that a badge made by staff may have, and what they show.
ICONS = (
    "award",
    "trophy",
    "star",
    "heart",
    "gem",
    "gift",
    "flame",
    "rocket",
    "sparkles",
    "shield-check",
    "badge-check",
    "book-open",
    "thumbs-up",
    "smile",
    "target",
    "globe",
)


def known(icon: str) -> str:
    """An icon that every page can draw: the one that is asked for, or the plainest where there is no such."""
    return icon if icon in ICONS else ICONS[0]
