from django.contrib import admin

from accounts.members.staff import TellsWho
from config.lib.admin import LastDays
from economy.vault.models import VaultDeposit


@admin.register(VaultDeposit)
class VaultDepositAdmin(TellsWho):
    """What waits in the vault, to look at: earnings fill it and a job opens it."""

    member = "wallet__user_id"
    list_display = ("id", "who", "amount", "source_kind", "created_at", "unlock_at", "unlocked_at")
    list_filter = (("unlocked_at", admin.EmptyFieldListFilter), LastDays)
    search_fields = ("=id", "=wallet__id", "=wallet__user__id", "=source_transfer_id")
    search_help_text = "The id of a deposit, a wallet, a member or a transfer, or a username"
    ordering = ("-id",)
