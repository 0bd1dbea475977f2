from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.audit import wording
from accounts.audit.queries import latest_measures_on, latest_of
from accounts.members import operations
from accounts.members.models import Page, Profile, User
from accounts.members.staff import TellsWho
from accounts.signin.models import BrowserSession, TokenFamily
from accounts.signin.operations import numbers
from config.lib.admin import ChoicesDropdownFilter, LastDays, Look, Measure, ReadOnlyAdmin, ReadOnlyInline, Reason

_MOST_FOUND = 200
_LONGEST = timedelta(days=3650)


class Role(Reason):
    """Which role, and why."""

    role = forms.ChoiceField(label=_("Role"), choices=User.Role.choices, widget=UnfoldAdminSelectWidget)
    field_order = ["role", "reason"]


class Suspension(Reason):
    """Why, and until when; the member reads both."""

    until = forms.DateTimeField(
        label=_("Ends by itself at"),
        required=False,
        help_text=_("In your own time zone. Empty: until staff reopen the account."),
        widget=UnfoldAdminTextInputWidget(attrs={"type": "datetime-local"}),
    )
    field_order = ["reason", "until"]

    def clean_until(self) -> datetime | None:
        until: datetime | None = self.cleaned_data["until"]
        if until is not None and until > timezone.now() + _LONGEST:
            raise forms.ValidationError(_("At most ten years. Leave it empty for a suspension without an end."))
        return until


class PagesInline(ReadOnlyInline):
    model = Page
    fields = ("username", "display_name", "is_primary", "is_active", "followers_count", "posts_count")
    readonly_fields = fields
    tab = True


class ForAdminsInline(ReadOnlyInline):
    """Where a member is signed in is nothing for moderators."""

    tab = True
    per_page = 50
    ordering = ("-last_used_at",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)


class SessionsInline(ForAdminsInline):
    model = BrowserSession
    verbose_name_plural = _("browsers")
    fields = ("user_agent", "ip_address", "created_at", "last_used_at", "second_factor_at", "expires_at")
    readonly_fields = fields


class ProgramsInline(ForAdminsInline):
    model = TokenFamily
    verbose_name_plural = _("programs")
    fields = ("user_agent", "ip_address", "created_at", "last_used_at", "expires_at", "ended_at", "ending")
    readonly_fields = fields


_SUSPEND = Measure(
    _("Suspend this member"),
    _("They can still read, and neither write, tip nor vote until then. Reason and end stand on every page they see."),
    _("Suspend"),
    form=Suspension,
)
_REOPEN = Measure(_("Reopen this account"), _("The member may act again at once."), _("Reopen"))
_BAN = Measure(
    _("Ban this member"),
    _("Every session ends now; pages and posts are hidden. The coins stay where they are."),
    _("Ban"),
    is_confirmed=True,
)
_SIGN_OUT = Measure(
    _("Sign this member out everywhere"), _("Every browser and program has to sign in again."), _("Sign out everywhere")
)
_ROLE = Measure(
    _("Change this member's role"),
    _("Moderators look after content and members; admins may do everything. Every session of the member ends."),
    _("Change the role"),
    form=Role,
    is_confirmed=True,
)


_FREE_NUMBER = Measure(
    _("Free this member's number"),
    _(
        "Only for a number that was silent for long: carriers give it to somebody else, who cannot join here while this"
        " account has it. The account keeps e-mail and password as its way in; without them it stays shut. If it is"
        " suspended or banned, the same person may come back by this, so make sure of who asks."
    ),
    _("Free the number"),
    is_confirmed=True,
)


@admin.register(User)
class MemberAdmin(Look):
    """Members: found by number, e-mail or name; measures by operations, each with a reason."""

    list_display = (
        "name",
        "phone_number",
        "role",
        "shown_status",
        "created_at",
        "last_active_at",
        "posts_created_count",
    )
    list_filter = (("status", ChoicesDropdownFilter), ("role", ChoicesDropdownFilter), "is_early_adopter", LastDays)
    search_fields = ("phone_number",)  # see get_search_results
    search_help_text = _("A phone number, an e-mail address, or the beginning of a username")
    ordering = ("-id",)
    inlines = (PagesInline, SessionsInline, ProgramsInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    "role",
                    "status",
                    "status_reason",
                    "status_until",
                    "wallet_link",
                    "phone_number",
                    "phone_verified_at",
                    "number_freed_at",
                    "email",
                    "email_verified",
                )
            },
        ),
        (
            _("Ways in"),
            {"fields": ("two_factor_confirmed_at", "password_changed_at", "coins_held_until", "token_version")},
        ),
        (_("History"), {"fields": ("measures", "audit")}),
        (_("Activity"), {"fields": ("created_at", "last_active_at", "last_login", "posts_created_count")}),
        (
            _("More"),
            {
                "fields": (
                    "first_name",
                    "last_name",
                    "is_early_adopter",
                    "auth_provider",
                    "erased_after",
                    "erased_at",
                    "id",
                )
            },
        ),
    )
    readonly_fields = (*(name for _title, block in fieldsets for name in block["fields"]),)
    actions_detail = [
        "suspend",
        "reopen",
        "grant_coins",
        {
            "title": _("More"),
            "icon": "more_horiz",
            "items": ["sign_out_everywhere", "ban", "change_role", "free_number"],
        },
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        # The lists that these are taken from are for admins.
        fieldsets = super().get_fieldsets(request, obj)
        return fieldsets if request.user.is_superuser else [one for one in fieldsets if one[0] != _("History")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("pages")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> User | None:
        member = super().get_object(request, object_id, from_field)
        if member is not None:
            member.primary_page  # noqa: B018 - read, so that the title is the name and not the id
        return member

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Three look-ups by index instead of one condition over a join that reads every member."""
        term = search_term.replace("\x00", "").strip()
        if not term:
            return queryset, False
        by_name = Page.objects.filter(username__startswith=term.lower().lstrip("@")).values("user_id")[:_MOST_FOUND]
        by_email = User.objects.alias(lower=Lower("email")).filter(lower=term.lower()).values("pk")
        found = Q(pk__in=[row["user_id"] for row in by_name]) | Q(pk__in=[row["pk"] for row in by_email])
        digits = term.replace(" ", "")
        if digits.lstrip("+").isdecimal() and digits.isascii():
            number = digits if digits.startswith("+") else f"+{digits.removeprefix('00')}"
            found |= Q(phone_number=number)
        return queryset.filter(found), False

    @admin.display(description=_("member"))
    def name(self, member: User) -> str:
        page = next((page for page in member.pages.all() if page.is_primary), None)
        return format_html("{} <span class='aside'>@{}</span>", page.display_name, page.username) if page else "–"

    @admin.display(description=_("wallet"))
    def wallet_link(self, member: User) -> str:
        # Registered by the economy, which stands above this room.
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:accounts_wallet_change", args=[member.wallet.pk]), _("Coins")
        )

    @admin.display(description=_("measures of staff"))
    def measures(self, member: User) -> str:
        """What staff did to them, and why."""
        return self._once(member, self._measures)

    @admin.display(description=_("audit"))
    def audit(self, member: User) -> str:
        """What was done by and to them."""
        return self._once(member, self._audit)

    def _once(self, member: User, show: Callable[[User], str]) -> str:
        # The page's template asks for every field several times.
        shown: dict[str, str] = vars(member).setdefault("_shown_in_admin", {})
        if show.__name__ not in shown:
            shown[show.__name__] = show(member)
        return shown[show.__name__]

    def _measures(self, member: User) -> str:
        columns = [
            (_("when"), wording.moment),
            (_("who"), wording.who),
            (_("what"), lambda row: row.action),
            (_("reason"), lambda row: row.reason),
            (_("particulars"), wording.particulars),
        ]
        return self._with_more(wording.table_of(latest_measures_on(member), columns), "adminaction", member)

    def _audit(self, member: User) -> str:
        columns = [
            (_("when"), wording.moment),
            (_("who"), wording.who),
            (_("what"), lambda row: row.action),
            (_("about"), wording.about),
            (_("changes"), wording.in_short),
            (_("from where"), lambda row: row.ip_address or "–"),
        ]
        return self._with_more(wording.table_of(latest_of(member), columns), "auditlog", member)

    def _with_more(self, table: str, name: str, member: User) -> str:
        where = reverse(f"admin:accounts_{name}_changelist")
        return format_html(
            '{} <p class="more"><a href="{}?{}">{}</a></p>',
            table,
            where,
            urlencode({"q": str(member.pk)}),
            _("All of it"),
        )

    @display(
        description=_("status"),
        ordering="status",
        label={"active": "success", "suspended": "warning", "banned": "danger", "closed": "info"},
    )
    def shown_status(self, member: User) -> tuple[str, Any]:
        return member.status.lower(), member.get_status_display()

    @action(description=_("Suspend"), url_path="suspend", permissions=["staff"], icon="pause_circle")
    def suspend(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._do(request, object_id, _SUSPEND, operations.suspend, _("Suspended: %(reason)s"))

    @action(description=_("Reopen"), url_path="reopen", permissions=["staff"], icon="play_circle")
    def reopen(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._do(request, object_id, _REOPEN, operations.reopen, _("Reopened: %(reason)s"))

    @action(description=_("Grant coins"), url_path="grant", permissions=["admin"], icon="add_circle")
    def grant_coins(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The measure of the member's wallet, which the economy offers."""
        member = self.get_object(request, object_id)
        if member is None:
            raise PermissionDenied
        return redirect("admin:accounts_wallet_grant", member.wallet.pk)

    @action(description=_("Sign out everywhere"), url_path="sign-out", permissions=["admin"], icon="logout")
    def sign_out_everywhere(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._do(
            request, object_id, _SIGN_OUT, operations.sign_out_everywhere, _("Signed out everywhere: %(reason)s")
        )

    @action(description=_("Ban"), url_path="ban", permissions=["admin"], icon="block")
    def ban(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._do(request, object_id, _BAN, operations.ban, _("Banned: %(reason)s"))

    @action(description=_("Free the number"), url_path="free-number", permissions=["admin"], icon="phonelink_erase")
    def free_number(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._do(request, object_id, _FREE_NUMBER, numbers.free_number, _("Number freed: %(reason)s"))

    @action(description=_("Change the role"), url_path="role", permissions=["admin"], icon="badge")
    def change_role(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._do(request, object_id, _ROLE, operations.change_role, _("Role %(role)s: %(reason)s"))

    def subject(self, row: User) -> Any:
        return self.name(row)

    def _do(self, request: HttpRequest, object_id: str, measure: Measure, operation: Any, says: Any) -> HttpResponse:
        def do(member: User, given: dict[str, Any]) -> str:
            operation(staff=request.user, member=member, at=timezone.now(), **given)
            return str(says) % given

        return self.measure(request, object_id, measure, do)


@admin.register(Page)
class PageAdmin(ReadOnlyAdmin):
    list_display = ("username", "display_name", "user", "is_active", "followers_count", "posts_count", "created_at")
    list_filter = ("is_active", "is_primary", LastDays)
    search_fields = ("username__startswith",)
    search_help_text = _("The beginning of a username")
    ordering = ("-id",)
    list_select_related = ("user",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        return super().get_queryset(request).prefetch_related("user__pages")

    def view_on_site(self, page: Page) -> str:
        return f"/@{page.username}/"


@admin.register(Profile)
class ProfileAdmin(TellsWho):
    for_admins = True
    list_display = ("id", "who", "location", "website", "updated_at")
    ordering = ("-id",)
    search_fields = ("=user__id",)
