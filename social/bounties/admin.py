from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from config.lib.admin import LastDays, ReadOnlyAdmin
from social.bounties.models import Bounty


@admin.register(Bounty)
class BountyAdmin(ReadOnlyAdmin):
    list_display = ("id", "post_id", "user_id", "amount", "created_at", "ends_at", "awarded_at", "returned_at")
    list_filter = (
        ("awarded_at", admin.EmptyFieldListFilter),
        ("returned_at", admin.EmptyFieldListFilter),
        LastDays,
    )
    search_fields = ("=id", "=post__id", "=comment__id", "=user__pages__username")
    search_help_text = _("The id of a bounty, a post or a comment, or a username")
    ordering = ("-id",)

    def view_on_site(self, bounty: Bounty) -> str:
        return f"/p/{bounty.post_id}/"
