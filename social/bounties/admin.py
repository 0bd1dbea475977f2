from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.members.staff import TellsWho
from config.lib.admin import LastDays
from social.bounties.models import Bounty


@admin.register(Bounty)
class BountyAdmin(TellsWho):
    list_display = ("post", "who", "amount", "created_at", "ends_at", "awarded_at", "returned_at")
    list_filter = (
        ("awarded_at", admin.EmptyFieldListFilter),
        ("returned_at", admin.EmptyFieldListFilter),
        LastDays,
    )
    list_select_related = ("post",)
    search_fields = ("=id", "=post__id", "=comment__id")
    search_help_text = _("The id of a bounty, a post or a comment, or a username")
    ordering = ("-id",)

    def view_on_site(self, bounty: Bounty) -> str:
        return f"/p/{bounty.post_id}/"
