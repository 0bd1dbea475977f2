from django.contrib import admin

from accounts.members.staff import TellsWho
from config.lib.admin import LastDays, ReadOnlyAdmin
from economy.stipend.models import StipendDistribution, StipendRun


@admin.register(StipendRun)
class StipendRunAdmin(ReadOnlyAdmin):
    list_display = ("period", "status", "members", "treasury_before", "budget", "scale", "total_paid", "finished_at")
    list_filter = ("status",)
    ordering = ("-period",)


@admin.register(StipendDistribution)
class StipendDistributionAdmin(TellsWho):
    member = "wallet__user_id"
    list_display = (
        "id",
        "who",
        "run",
        "base_stipend",
        "engagement_bonus",
        "new_user_bonus",
        "total_stipend",
        "paid_at",
    )
    list_filter = (LastDays,)
    list_select_related = ("run",)
    search_fields = ("=wallet__id", "=run__period")
    ordering = ("-id",)
