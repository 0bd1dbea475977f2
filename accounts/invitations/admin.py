from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from accounts.invitations import operations
from accounts.invitations.models import Application, Invitation, InvitationUse
from accounts.members.staff import staff_of
from config.lib.admin import ChoicesDropdownFilter, LastDays, Measure, ReadOnlyAdmin, ReadOnlyInline

_ACCEPT = Measure(
    _("Accept this application"),
    _("Whoever applied is told by message and joins by signing in with the number."),
    _("Accept"),
)
_DECLINE = Measure(
    _("Decline this application"),
    _("Whoever applied is told by message, with your reason, and can apply again after some weeks."),
    _("Decline"),
)


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdmin):
    """The queue of those who would like to join; each is accepted or declined with a reason."""

    list_display = ("shown_name", "shown_status", "beginning", "created_at", "decided_by", "decided_at")
    list_filter = (("status", ChoicesDropdownFilter), LastDays)
    list_select_related = ("decided_by",)
    search_fields = ("=phone_number", "=username")
    search_help_text = _("A phone number or a username, in full")
    ordering = ("-id",)
    actions_detail = ["accept_application", "decline_application"]
    fields = (
        "phone_number",
        "username",
        "display_name",
        "words",
        "status",
        "reason",
        "decided_by",
        "decided_at",
        "created_at",
    )
    readonly_fields = fields

    @admin.display(description=_("applicant"))
    def shown_name(self, application: Application) -> str:
        return application.display_name or application.username or str(application.phone_number)

    @admin.display(description=_("words"))
    def beginning(self, application: Application) -> str:
        words = application.words
        return words if len(words) <= 80 else f"{words[:80]}…"

    @display(
        description=_("status"),
        ordering="status",
        label={"waiting": "warning", "accepted": "success", "joined": "success", "declined": "info"},
    )
    def shown_status(self, application: Application) -> tuple[str, Any]:
        return application.status.lower(), application.get_status_display()

    def subject(self, row: Application) -> Any:
        return f"{self.shown_name(row)}: {row.words}"

    @action(description=_("Accept"), url_path="accept", permissions=["staff"], icon="check_circle")
    def accept_application(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def do(application: Application, given: dict[str, Any]) -> str:
            operations.accept(
                staff=staff_of(request), application=application, reason=given["reason"], at=timezone.now()
            )
            return _("Accepted: %(reason)s") % given

        return self.measure(request, object_id, _ACCEPT, do)

    @action(description=_("Decline"), url_path="decline", permissions=["staff"], icon="cancel")
    def decline_application(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def do(application: Application, given: dict[str, Any]) -> str:
            operations.decline(
                staff=staff_of(request), application=application, reason=given["reason"], at=timezone.now()
            )
            return _("Declined: %(reason)s") % given

        return self.measure(request, object_id, _DECLINE, do)


class UsesInline(ReadOnlyInline):
    model = InvitationUse
    fields = ("user", "created_at")
    readonly_fields = fields
    tab = True


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Who invites whom, to look at. The code of a link is its bearer's alone and is not shown."""

    list_display = ("inviter_name", "uses_count", "uses_most", "gift", "expires_at", "revoked_at", "created_at")
    list_filter = (LastDays,)
    search_fields = ("=inviter__pages__username",)
    search_help_text = _("A username, in full")
    ordering = ("-id",)
    fields = ("inviter_name", "uses_count", "uses_most", "gift", "expires_at", "revoked_at", "created_at")
    readonly_fields = fields
    inlines = (UsesInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invitation]:
        return super().get_queryset(request).select_related("inviter").prefetch_related("inviter__pages")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    @admin.display(description=_("inviter"))
    def inviter_name(self, invitation: Invitation) -> str:
        page = next((page for page in invitation.inviter.pages.all() if page.is_primary), None)
        return f"@{page.username}" if page else "–"
