from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.members.staff import TellsWho
from config.lib.admin import LastDays
from social.boosts.models import Boost


@admin.register(Boost)
class BoostAdmin(TellsWho):
    list_display = ("post", "who", "amount", "created_at", "ends_at")
    list_filter = (LastDays,)
    list_select_related = ("post",)
    search_fields = ("=id", "=post__id")
    search_help_text = _("The id of a boost or a post, or a username")
    ordering = ("-id",)
