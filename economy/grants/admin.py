from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from accounts.members.staff import name_of, staff_of
from config.lib.admin import ChoicesDropdownFilter, LastDays, Measure, ReadOnlyAdmin
from economy.grants import operations
from economy.grants.models import GrantRequest

_APPROVE = Measure(
    _("Grant these coins as the second person"),
    _("New coins come into the world and belong to this wallet at once. Only a new transfer can mend a mistake."),
    _("Grant them"),
    is_confirmed=True,
)
_DECLINE = Measure(
    _("Decline this grant"), _("No coins move. Whoever asked sees your reason here."), _("Decline the grant")
)


@admin.register(GrantRequest)
class GrantRequestAdmin(ReadOnlyAdmin):
    """Grants that are more than one person may make alone: another admin decides."""

    for_admins = True
    list_display = ("receiver", "coins", "asker", "shown_status", "reason", "created_at", "decider")
    list_filter = (("status", ChoicesDropdownFilter), LastDays)
    list_select_related = ("wallet", "asked_by", "decided_by")
    search_fields = ("=wallet__user__pages__username", "=asked_by__pages__username")
    search_help_text = _("A username, in full")
    ordering = ("-id",)
    actions_detail = ["approve", "decline"]
    fields = (
        *("receiver", "coins", "reason", "asker", "created_at"),
        *("status", "decider", "decided_at", "decision", "id"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[GrantRequest]:
        return (
            super()
            .get_queryset(request)
            .prefetch_related("wallet__user__pages", "asked_by__pages", "decided_by__pages")
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    @admin.display(description=_("for"))
    def receiver(self, row: GrantRequest) -> Any:
        address = reverse("admin:accounts_wallet_change", args=[row.wallet_id])
        return format_html('<a href="{}">{}</a>', address, name_of(row.wallet.user))

    @admin.display(description=_("asked by"))
    def asker(self, row: GrantRequest) -> str:
        return name_of(row.asked_by)

    @admin.display(description=_("decided by"))
    def decider(self, row: GrantRequest) -> str:
        return name_of(row.decided_by) if row.decided_by is not None else "–"

    @display(
        description=_("status"),
        ordering="status",
        label={"waiting": "warning", "granted": "success", "declined": "info"},
    )
    def shown_status(self, row: GrantRequest) -> tuple[str, Any]:
        return row.status.lower(), row.get_status_display()

    def subject(self, row: GrantRequest) -> Any:
        return _("%(coins)s coins for %(name)s, asked by %(asker)s: %(reason)s") % {
            "coins": row.coins,
            "name": name_of(row.wallet.user),
            "asker": self.asker(row),
            "reason": row.reason,
        }

    @action(description=_("Grant"), url_path="approve", permissions=["admin"], icon="check_circle")
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def do(row: GrantRequest, given: dict[str, Any]) -> str:
            operations.approve(staff=staff_of(request), request=row, at=timezone.now(), **given)
            return _("Granted: %(reason)s") % given

        return self.measure(request, object_id, _APPROVE, do)

    @action(description=_("Decline"), url_path="decline", permissions=["admin"], icon="cancel")
    def decline(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def do(row: GrantRequest, given: dict[str, Any]) -> str:
            operations.decline(staff=staff_of(request), request=row, at=timezone.now(), **given)
            return _("Declined: %(reason)s") % given

        return self.measure(request, object_id, _DECLINE, do)
