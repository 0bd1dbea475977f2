from django.contrib import admin

from config.lib.admin import LastDays, ReadOnlyAdmin
from economy.vault.models import VaultDeposit


@admin.register(VaultDeposit)
class VaultDepositAdmin(ReadOnlyAdmin):
    """What waits in the vault, to look at: earnings fill it and a job opens it."""

    list_display = ("id", "wallet_id", "amount", "source_kind", "created_at", "unlock_at", "unlocked_at")
    list_filter = (("unlocked_at", admin.EmptyFieldListFilter), LastDays)
    search_fields = ("=id", "=wallet__id", "=wallet__user__id", "=wallet__user__pages__username", "=source_transfer_id")
    search_help_text = "The id of a deposit, a wallet, a member or a transfer, or a username"
    ordering = ("-id",)
