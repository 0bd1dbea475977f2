from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from config.lib.admin import LastDays, ReadOnlyAdmin
from social.coauthors.models import CoAuthor


@admin.register(CoAuthor)
class CoAuthorAdmin(ReadOnlyAdmin):
    list_display = ("post", "page", "share", "answer", "created_at", "answered_at")
    list_filter = (LastDays, "answer")
    list_select_related = ("post", "page")
    search_fields = ("=id", "=post__id", "=page__username")
    search_help_text = _("The id of a post, or a username")
    ordering = ("-id",)
