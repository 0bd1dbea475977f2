from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.members.staff import TellsWho
from config.lib.admin import LastDays
from social.pictures.models import Picture


@admin.register(Picture)
class PictureAdmin(TellsWho):
    """What members have sent. To take one out of sight, remove its post: the picture goes with it."""

    list_display = ("id", "who", "post", "alt", "width", "height", "created_at", "gone_at")
    list_filter = (("post", admin.EmptyFieldListFilter), LastDays)
    list_select_related = ("post",)
    search_fields = ("=id", "=post__id")
    search_help_text = _("The id of a picture or a post, or a username")
    ordering = ("-id",)
