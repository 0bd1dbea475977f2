from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from config.lib.admin import ReadOnlyAdmin
from social.hashtags.models import Hashtag


@admin.register(Hashtag)
class HashtagAdmin(ReadOnlyAdmin):
    list_display = ("name", "posts_count", "created_at")
    search_fields = ("name__startswith",)
    search_help_text = _("How a hashtag begins, without #")
    ordering = ("-posts_count", "name")

    def view_on_site(self, hashtag: Hashtag) -> str:
        return f"/tags/{hashtag.name}/"
