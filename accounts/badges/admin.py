from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from accounts.badges import operations, rules
from accounts.badges.models import Badge, UserActivity, UserBadge
from accounts.members.staff import TellsWho, staff_of
from config.lib.admin import LastDays, Measure, ReadOnlyAdmin, Reason
from config.lib.refusals import Refused


class Words(Reason):
    """What a badge is called and given for."""

    name = forms.CharField(label=_("Name"), max_length=100, widget=UnfoldAdminTextInputWidget)
    description = forms.CharField(
        label=_("What it is given for"), max_length=300, widget=UnfoldAdminTextInputWidget, help_text=_("One sentence.")
    )
    icon = forms.ChoiceField(
        label=_("Icon"), choices=[(icon, icon) for icon in rules.ICONS], widget=UnfoldAdminSelectWidget
    )
    field_order = ["name", "description", "icon", "is_repeatable", "reason"]


class NewBadge(Words):
    """A badge that is not there yet."""

    is_repeatable = forms.BooleanField(
        label=_("One member can be given it more than once"), required=False, widget=UnfoldBooleanSwitchWidget
    )


class Hand(Reason):
    """To whom, and what for; the member reads it."""

    username = forms.CharField(label=_("Username"), max_length=31, widget=UnfoldAdminTextInputWidget)
    field_order = ["username", "reason"]


_MAKE = Measure(
    _("Make a badge"),
    _("For what no rule sees. Staff give it to members by hand."),
    _("Make the badge"),
    form=NewBadge,
)
_REWORD = Measure(_("Change this badge"), _("All who have it have it under its new words."), _("Change it"), form=Words)
_HAND = Measure(
    _("Give this badge"), _("It shows on the member's pages at once, and they hear of it."), _("Give it"), form=Hand
)
_TAKE = Measure(
    _("Take this badge back"),
    _("It goes from the member's pages. They are not told."),
    _("Take it back"),
    is_confirmed=True,
)


@admin.register(Badge)
class BadgeAdmin(ReadOnlyAdmin):
    """Badges: those of rules to look at, those of staff to make, change and give."""

    list_display = ("name", "slug", "description", "is_repeatable", "is_custom")
    list_filter = ("is_custom",)
    search_fields = ("name", "=slug")
    search_help_text = _("A part of a name")
    ordering = ("name",)
    actions_list = ["make"]
    actions_detail = ["hand", "reword"]

    @action(description=_("Make a badge"), url_path="make", permissions=["admin"], icon="add_circle")
    def make(self, request: HttpRequest) -> HttpResponse:
        form = NewBadge(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                badge = operations.make_badge(staff=staff_of(request), at=timezone.now(), **form.cleaned_data)
            except Refused as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            else:
                messages.success(request, _("The badge “%(name)s” is made.") % {"name": badge.name})
                return redirect(self._address_of(badge))
        context = {
            **self.admin_site.each_context(request),
            "title": _MAKE.title,
            "opts": self.model._meta,
            "row": _("A new badge"),
            "measure": _MAKE,
            "form": form,
            "way_back": reverse("admin:accounts_badge_changelist"),
        }
        return TemplateResponse(request, "admin/measure.html", context, status=422 if form.errors else 200)

    @action(description=_("Give it to a member"), url_path="hand", permissions=["staff"], icon="redeem")
    def hand(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def do(badge: Badge, given: dict[str, Any]) -> str:
            held = operations.hand_badge(staff=staff_of(request), badge=badge, at=timezone.now(), **given)
            return _("Given to @%(name)s: %(reason)s") % {
                "name": held.user.primary_page.username,
                "reason": given["reason"],
            }

        return self.measure(request, object_id, _HAND, do)

    @action(description=_("Change it"), url_path="reword", permissions=["admin"], icon="edit")
    def reword(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def do(badge: Badge, given: dict[str, Any]) -> str:
            operations.change_badge(staff=staff_of(request), badge=badge, **given)
            return _("Changed: %(reason)s") % given

        return self.measure(request, object_id, _REWORD, do)


@admin.register(UserBadge)
class UserBadgeAdmin(ReadOnlyAdmin):
    """Who has which badge."""

    list_display = ("owner", "badge", "times", "given_by", "reason", "created_at")
    list_filter = ("badge", LastDays)
    list_select_related = ("badge", "user", "given_by")
    ordering = ("-id",)
    search_fields = ("=user__id", "=user__pages__username")
    search_help_text = _("The id of a member, or a username")
    actions_detail = ["take"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[UserBadge]:
        return super().get_queryset(request).prefetch_related("user__pages")

    @admin.display(description=_("member"))
    def owner(self, held: UserBadge) -> str:
        names = [page.username for page in held.user.pages.all() if page.is_primary]
        return f"@{names[0]}" if names else str(held.user_id)

    def subject(self, row: UserBadge) -> Any:
        return _("%(owner)s has “%(badge)s”") % {"owner": self.owner(row), "badge": row.badge.name}

    @action(description=_("Take it back"), url_path="take", permissions=["staff"], icon="undo")
    def take(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def do(held: UserBadge, given: dict[str, Any]) -> str:
            operations.take_badge(staff=staff_of(request), held=held, **given)
            return _("Taken back: %(reason)s") % given

        return self.measure(request, object_id, _TAKE, do)

    def _address_of(self, row: Any) -> str:
        # The row may just have gone.
        return reverse("admin:accounts_userbadge_changelist")


@admin.register(UserActivity)
class UserActivityAdmin(TellsWho):
    list_display = ("id", "who", "day", "created_at")
    list_filter = (LastDays,)
    ordering = ("-id",)
    search_fields = ("=user__id",)
