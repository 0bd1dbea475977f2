from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from accounts.notifications.models import OutgoingMessage
from config.lib.admin import ChoicesDropdownFilter, LastDays, ReadOnlyAdmin


@admin.register(OutgoingMessage)
class OutgoingMessageAdmin(ReadOnlyAdmin):
    """Messages on their way. Their text is not shown, nor read from the database: it may be a sign-in code."""

    for_admins = True
    list_display = ("id", "channel", "recipient", "shown_status", "attempts", "next_attempt_at", "sent_at", "receipt")
    list_filter = (("status", ChoicesDropdownFilter), ("channel", ChoicesDropdownFilter), LastDays)
    search_fields = ("=recipient",)
    exclude = ("body", "html")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutgoingMessage]:
        return super().get_queryset(request).defer("body", "html")

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return [name for name in super().get_readonly_fields(request, obj) if name not in self.exclude]

    @display(description="status", ordering="status", label={"WAITING": "info", "SENT": "success", "FAILED": "danger"})
    def shown_status(self, message: OutgoingMessage) -> tuple[str, str]:
        return message.status, message.get_status_display()
