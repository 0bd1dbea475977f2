from django.contrib import admin

from accounts.badges.models import Badge, UserActivity, UserBadge
from config.lib.admin import LastDays, ReadOnlyAdmin


@admin.register(Badge)
class BadgeAdmin(ReadOnlyAdmin):
    list_display = ("name", "slug", "description")


@admin.register(UserBadge)
class UserBadgeAdmin(ReadOnlyAdmin):
    list_display = ("user_id", "badge", "created_at")
    list_filter = ("badge", LastDays)
    list_select_related = ("badge",)
    ordering = ("-id",)
    search_fields = ("=user__id",)


@admin.register(UserActivity)
class UserActivityAdmin(ReadOnlyAdmin):
    list_display = ("user_id", "day", "created_at")
    list_filter = (LastDays,)
    ordering = ("-id",)
    search_fields = ("=user__id",)
