from django.contrib import admin

from config.lib.admin import ReadOnlyAdmin
from economy.observatory.models import EconomySnapshot, SystemState


@admin.register(SystemState)
class SystemStateAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "in_wallets", "treasury", "members", "updated_at")


@admin.register(EconomySnapshot)
class EconomySnapshotAdmin(ReadOnlyAdmin):
    list_display = (
        "day",
        "ever_created",
        "in_wallets",
        "treasury",
        "burned",
        "members",
        "active_today",
        "gini",
        "moved",
    )
    date_hierarchy = None
    ordering = ("-day",)
