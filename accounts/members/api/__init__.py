"""Members in the API: one's account, pages, and whom one keeps away."""

from accounts.members.api.account import MeView
from accounts.members.api.boundaries import (
    BlockView,
    MutedWordsView,
    MutedWordView,
    MuteView,
    MyBlocksView,
    MyMutesView,
)
from accounts.members.api.pages import AvatarView, MyPagesView, PageView

__all__ = [
    "AvatarView",
    "BlockView",
    "MeView",
    "MuteView",
    "MutedWordView",
    "MutedWordsView",
    "MyBlocksView",
    "MyMutesView",
    "MyPagesView",
    "PageView",
]
