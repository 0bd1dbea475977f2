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
