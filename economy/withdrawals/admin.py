from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.members.staff import name_of, staff_of
from config.lib.admin import ChoicesDropdownFilter, LastDays, Measure, ReadOnlyAdmin
from economy.withdrawals import operations, queries
from economy.withdrawals.models import WithdrawalRequest


class Paid(forms.Form):
    """What the other side shows of the payment."""

    reference = forms.CharField(
        label=_("Reference of the payment"),
        max_length=100,
        help_text=_("What bank, PayPal or network show for it. The member reads it."),
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )


_APPROVE = Measure(
    _("Approve this withdrawal"),
    _("The coins stay locked until it is paid, and the member can no longer cancel. Your reason is for staff alone."),
    _("Approve it"),
)
_REJECT = Measure(
    _("Reject this withdrawal"),
    _("The coins are free again. The member reads your reason."),
    _("Reject it"),
)
_PAID = Measure(
    _("Mark this withdrawal as paid"),
    _("The coins leave the wallet for good: the net amount has left the site, the fee goes to the treasury."),
    _("It is paid"),
    form=Paid,
    is_confirmed=True,
)


@admin.register(WithdrawalRequest)
class WithdrawalRequestAdmin(ReadOnlyAdmin):
    """Coins that members want paid out: look at it, approve or reject, pay outside, mark it as paid."""

    for_admins = True
    list_display = ("owner", "amount", "net_amount", "method", "shown_status", "tier", "on_hold", "created_at")
    list_filter = (("status", ChoicesDropdownFilter), ("method", ChoicesDropdownFilter), LastDays)
    list_select_related = ("wallet__user", "reviewer", "payer")
    search_fields = ("=id", "=wallet__user__id", "=wallet__user__pages__username", "=reference")
    search_help_text = _("The id of a withdrawal or of a member, a username in full, or a payment's reference")
    ordering = ("-id",)
    actions_detail = ["approve", "reject", "mark_paid"]
    fields = (
        *("owner", "amount", "fee", "net_amount", "tier", "fee_rate", "method", "where", "is_proved"),
        *("shown_status", "on_hold", "created_at", "review", "reason", "payment", "reference", "transfer", "id"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[WithdrawalRequest]:
        return super().get_queryset(request).prefetch_related("wallet__user__pages", "reviewer__pages", "payer__pages")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    @admin.display(description=_("member"))
    def owner(self, row: WithdrawalRequest) -> Any:
        address = reverse("admin:accounts_user_change", args=[row.wallet.user_id])
        return format_html('<a href="{}">{}</a>', address, name_of(row.wallet.user))

    @display(
        description=_("status"),
        ordering="status",
        label={"pending": "warning", "approved": "info", "paid": "success", "rejected": "danger"},
    )
    def shown_status(self, row: WithdrawalRequest) -> tuple[str, Any]:
        return row.status.lower(), row.get_status_display()

    @admin.display(description=_("on hold because"))
    def on_hold(self, row: WithdrawalRequest) -> str:
        if row.status not in (WithdrawalRequest.Status.PENDING, WithdrawalRequest.Status.APPROVED):
            return "–"
        member_id = row.wallet.user_id
        return queries.why_held([member_id], at=timezone.now()).get(member_id, "–")

    @admin.display(description=_("where to"))
    def where(self, row: WithdrawalRequest) -> Any:
        return format_html_join("", "{}: {}<br>", row.details_given.items()) or "–"

    @admin.display(description=_("address proved by the member"), boolean=True)
    def is_proved(self, row: WithdrawalRequest) -> bool | None:
        return queries.is_proved(row)

    @admin.display(description=_("reviewed by"))
    def review(self, row: WithdrawalRequest) -> str:
        return f"{name_of(row.reviewer)}, {row.reviewed_at:%Y-%m-%d %H:%M}" if row.reviewer and row.reviewed_at else "–"

    @admin.display(description=_("paid by"))
    def payment(self, row: WithdrawalRequest) -> str:
        return f"{name_of(row.payer)}, {row.paid_at:%Y-%m-%d %H:%M}" if row.payer and row.paid_at else "–"

    @admin.display(description=_("transfer"))
    def transfer(self, row: WithdrawalRequest) -> Any:
        if row.transfer_id is None:
            return "–"
        address = reverse("admin:economy_transfer_change", args=[row.transfer_id])
        return format_html('<a href="{}">{}</a>', address, str(row.transfer_id)[-12:])

    def subject(self, row: WithdrawalRequest) -> Any:
        return _("%(net)s to %(name)s by %(method)s (%(amount)s less %(fee)s)") % {
            "net": row.net_amount,
            "name": name_of(row.wallet.user),
            "method": row.get_method_display(),
            "amount": row.amount,
            "fee": row.fee,
        }

    @action(description=_("Approve"), url_path="approve", permissions=["admin"], icon="check_circle")
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def do(row: WithdrawalRequest, given: dict[str, Any]) -> str:
            operations.approve(staff=staff_of(request), request_id=row.pk, at=timezone.now(), **given)
            return _("Approved: %(reason)s") % given

        return self.measure(request, object_id, _APPROVE, do)

    @action(description=_("Reject"), url_path="reject", permissions=["admin"], icon="cancel")
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def do(row: WithdrawalRequest, given: dict[str, Any]) -> str:
            operations.reject(staff=staff_of(request), request_id=row.pk, at=timezone.now(), **given)
            return _("Rejected: %(reason)s") % given

        return self.measure(request, object_id, _REJECT, do)

    @action(description=_("Mark as paid"), url_path="mark-paid", permissions=["admin"], icon="payments")
    def mark_paid(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def do(row: WithdrawalRequest, given: dict[str, Any]) -> str:
            operations.mark_paid(staff=staff_of(request), request_id=row.pk, at=timezone.now(), **given)
            return _("Paid: %(reference)s") % given

        return self.measure(request, object_id, _PAID, do)
