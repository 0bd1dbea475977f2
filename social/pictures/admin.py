from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from config.lib.admin import LastDays, ReadOnlyAdmin
from social.pictures.models import Picture


@admin.register(Picture)
class PictureAdmin(ReadOnlyAdmin):
    """What members have sent. To take one out of sight, remove its post: the picture goes with it."""

    list_display = ("id", "alt", "post_id", "width", "height", "created_at", "gone_at")
    list_filter = (("post", admin.EmptyFieldListFilter), LastDays)
    search_fields = ("=id", "=post__id", "=user__pages__username")
    search_help_text = _("The id of a picture or a post, or a username")
    ordering = ("-id",)
