"""Writes about members, one noun per file."""

from accounts.members.operations.comments import use_free_comment
from accounts.members.operations.joining import EARLY_ADOPTER, join
from accounts.members.operations.names import BadUsername, UnseenName, UsernameChangesSpent, UsernameTaken
from accounts.members.operations.pages import (
    ClosedPage,
    PrimaryPage,
    TooManyPages,
    change_username,
    close_page,
    edit_page,
    make_primary,
    open_page,
    reopen_page,
)
from accounts.members.operations.pictures import forget_pictures, remove_picture, set_picture
from accounts.members.operations.profiles import edit_account, edit_names, edit_profile, set_preferences
from accounts.members.operations.standing import (
    AccountSuspended,
    EndsBeforeItBegins,
    ban,
    change_role,
    end_all_sessions,
    end_suspensions,
    must_act,
    reopen,
    sign_out_everywhere,
    suspend,
)

__all__ = [
    "EARLY_ADOPTER",
    "AccountSuspended",
    "BadUsername",
    "ClosedPage",
    "EndsBeforeItBegins",
    "PrimaryPage",
    "TooManyPages",
    "UnseenName",
    "UsernameChangesSpent",
    "UsernameTaken",
    "ban",
    "change_role",
    "change_username",
    "close_page",
    "edit_account",
    "edit_names",
    "edit_page",
    "edit_profile",
    "end_all_sessions",
    "end_suspensions",
    "forget_pictures",
    "join",
    "make_primary",
    "must_act",
    "open_page",
    "remove_picture",
    "reopen",
    "reopen_page",
    "set_picture",
    "set_preferences",
    "sign_out_everywhere",
    "suspend",
    "use_free_comment",
]
