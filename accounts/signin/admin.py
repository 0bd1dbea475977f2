from django.contrib import admin
from django.http import HttpRequest

from accounts.members.staff import TellsWho
from accounts.signin.models import PhoneVerification, TokenFamily
from config.lib.admin import LastDays, ReadOnlyAdmin


@admin.register(PhoneVerification)
class PhoneVerificationAdmin(ReadOnlyAdmin):
    """Codes that were sent, without anything one could sign in with: not even the hash is shown."""

    for_admins = True
    list_display = ("phone_number", "created_at", "attempts", "max_attempts", "verified_at", "expires_at", "ip_address")
    list_filter = (LastDays,)
    search_fields = ("=phone_number",)
    exclude = ("code_hash",)
    ordering = ("-id",)

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return [name for name in super().get_readonly_fields(request, obj) if name != "code_hash"]


@admin.register(TokenFamily)
class TokenFamilyAdmin(TellsWho):
    """Signed-in programs, without their token's number."""

    for_admins = True
    list_display = ("id", "who", "created_at", "last_used_at", "expires_at", "ended_at", "ending", "ip_address")
    list_filter = ("ending", LastDays)
    search_fields = ("=user__id",)
    exclude = ("current_jti",)
    ordering = ("-id",)

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return [name for name in super().get_readonly_fields(request, obj) if name != "current_jti"]
