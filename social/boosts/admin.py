from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from config.lib.admin import LastDays, ReadOnlyAdmin
from social.boosts.models import Boost


@admin.register(Boost)
class BoostAdmin(ReadOnlyAdmin):
    list_display = ("id", "post_id", "user_id", "amount", "created_at", "ends_at")
    list_filter = (LastDays,)
    search_fields = ("=id", "=post__id", "=user__pages__username")
    search_help_text = _("The id of a boost or a post, or a username")
    ordering = ("-id",)
