"""Pages about oneself. HTTP in, one operation, HTTP out."""

from accounts.members.views.overview import settings
from accounts.members.views.pages import (
    act_as,
    change_username,
    close_page,
    edit_page,
    make_primary,
    my_pages,
    open_page,
    remove_picture,
    reopen_page,
    set_picture,
)
from accounts.members.views.privacy import (
    block_page,
    mute_page,
    mute_word,
    privacy,
    unblock_page,
    unmute_page,
    unmute_word,
)
from accounts.members.views.profile import choose_language, edit_profile

__all__ = [
    "act_as",
    "block_page",
    "change_username",
    "choose_language",
    "close_page",
    "edit_page",
    "edit_profile",
    "make_primary",
    "mute_page",
    "mute_word",
    "my_pages",
    "open_page",
    "privacy",
    "remove_picture",
    "reopen_page",
    "set_picture",
    "settings",
    "unblock_page",
    "unmute_page",
    "unmute_word",
]
