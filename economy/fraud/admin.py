from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from accounts.members.staff import name_of, staff_of
from config.lib.admin import ChoicesDropdownFilter, LastDays, Measure, ReadOnlyAdmin
from economy.fraud import operations
from economy.fraud.models import EconomySignal

_SETTLE = Measure(
    _("Settle this signal"),
    _("Say what you found and what you did about it, by the measures on members, posts or withdrawals. The signal"
      " itself takes nothing from anybody; withdrawals that waited for it go on."),
    _("Settle it"),
)  # fmt: skip
_DISMISS = Measure(
    _("Nothing to it"),
    _("The signal is closed, and withdrawals that waited for it go on. The same matter stays quiet for some days."),
    _("Close it"),
)


@admin.register(EconomySignal)
class EconomySignalAdmin(ReadOnlyAdmin):
    """Signals, the open ones first: a question for people, not a judgement."""

    list_display = ("kind", "people", "score", "shown_status", "first_seen_at", "last_seen_at", "times_seen")
    list_filter = (("status", ChoicesDropdownFilter), ("kind", ChoicesDropdownFilter), LastDays)
    search_fields = ("=involved__user__pages__username",)
    search_help_text = _("A username, in full")
    ordering = ("-id",)
    actions_detail = ["settle", "dismiss"]
    fields = (
        *("kind", "people", "score", "facts", "first_seen_at", "last_seen_at", "times_seen"),
        *("shown_status", "settled_by", "settled_at", "reason", "id"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[EconomySignal]:
        return super().get_queryset(request).prefetch_related("members__pages")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    @admin.display(description=_("about"))
    def people(self, signal: EconomySignal) -> Any:
        rows = (
            (reverse("admin:accounts_user_change", args=[member.pk]), name_of(member))
            for member in signal.members.all()
        )
        return format_html_join(", ", '<a href="{}">{}</a>', rows)

    @display(
        description=_("status"),
        ordering="status",
        label={"open": "warning", "settled": "success", "dismissed": "info"},
    )
    def shown_status(self, signal: EconomySignal) -> tuple[str, Any]:
        return signal.status.lower(), signal.get_status_display()

    def subject(self, row: EconomySignal) -> Any:
        return f"{row.get_kind_display()}: {', '.join(name_of(member) for member in row.members.all())}"

    @action(description=_("Settle …"), url_path="settle", permissions=["staff"], icon="check_circle")
    def settle(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def do(row: EconomySignal, given: dict[str, Any]) -> str:
            operations.settle(staff=staff_of(request), signal=row, at=timezone.now(), **given)
            return _("Settled: %(reason)s") % given

        return self.measure(request, object_id, _SETTLE, do)

    @action(description=_("Nothing to it …"), url_path="dismiss", permissions=["staff"], icon="do_not_disturb_on")
    def dismiss(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def do(row: EconomySignal, given: dict[str, Any]) -> str:
            operations.dismiss(staff=staff_of(request), signal=row, at=timezone.now(), **given)
            return _("Nothing to it: %(reason)s") % given

        return self.measure(request, object_id, _DISMISS, do)
