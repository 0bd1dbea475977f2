from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from accounts.members.staff import TellsWho
from config.lib.admin import ChoicesDropdownFilter, LastDays, Measure, ReadOnlyAdmin, Reason
from config.lib.money import CoinsFormField
from economy.rewards import operations
from economy.rewards.models import Reward, RewardRule

_DECIMAL = {"inputmode": "decimal", "autocomplete": "off"}
_WHOLE = {"inputmode": "numeric", "autocomplete": "off"}


class Figures(Reason):
    """What a rule is worth and how often, and why that changes."""

    amount = CoinsFormField(label=_("Coins"), min_value=0)
    daily_cap = CoinsFormField(label=_("Most per member and day"), min_value=0, required=False)
    weekly_cap = CoinsFormField(label=_("Most per member and week"), min_value=0, required=False)
    minimum_length = forms.IntegerField(
        label=_("Characters needed"),
        min_value=0,
        max_value=100_000,
        widget=UnfoldAdminTextInputWidget(attrs=_WHOLE),
        help_text=_("Where a text is the cause; 0 for no minimum."),
    )
    cool_down_minutes = forms.IntegerField(
        label=_("Minutes until the next one counts"),
        min_value=0,
        max_value=525_600,
        widget=UnfoldAdminTextInputWidget(attrs=_WHOLE),
    )
    is_on = forms.BooleanField(label=_("In force"), required=False, widget=UnfoldBooleanSwitchWidget())

    field_order = (*operations.CHANGEABLE, "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("amount", "daily_cap", "weekly_cap"):
            self.fields[name].widget = UnfoldAdminTextInputWidget(attrs=_DECIMAL)


@admin.register(RewardRule)
class RewardRuleAdmin(ReadOnlyAdmin):
    """The rules; changed as a measure with a reason, which the audit keeps."""

    list_display = (
        "slug",
        "trigger",
        "amount",
        "daily_cap",
        "weekly_cap",
        "cool_down_minutes",
        "shown_on",
        "updated_at",
    )
    ordering = ("slug",)
    actions_detail = ["change_figures"]

    @display(description=_("in force"), label={"on": "success", "off": "info"})
    def shown_on(self, rule: RewardRule) -> tuple[str, Any]:
        return ("on", _("on")) if rule.is_on else ("off", _("off"))

    @action(description=_("Change …"), url_path="figures", permissions=["admin"], icon="edit")
    def change_figures(self, request: HttpRequest, object_id: str) -> HttpResponse:
        rule = self.get_object(request, object_id)
        if rule is None:
            raise PermissionDenied
        measure = Measure(
            _("Change this rule"),
            _(
                "It applies to what happens from now on. What is owed already keeps its amount; caps, cool-down and the"
                " switch are looked at when it is paid."
            ),
            _("Change the rule"),
            form=Figures,
            initial=lambda: {name: getattr(rule, name) for name in operations.CHANGEABLE},
        )

        def do(row: RewardRule, given: dict[str, Any]) -> str:
            changes = {name: given[name] for name in operations.CHANGEABLE}
            operations.change_rule(staff=request.user, rule=row, changes=changes, at=timezone.now())  # type: ignore[arg-type]
            return _("Changed: %(reason)s") % given

        return self.measure(request, object_id, measure, do)


@admin.register(Reward)
class RewardAdmin(TellsWho):
    list_display = ("rule", "who", "amount", "shown_status", "skipped_for", "cause_type", "happened_at", "paid_at")
    list_filter = (("status", ChoicesDropdownFilter), ("skipped_for", ChoicesDropdownFilter), LastDays)
    list_select_related = ("rule",)
    search_fields = ("=cause_id", "=rule__slug")
    search_help_text = _("A username, a rule or the id of a cause, in full")
    ordering = ("-id",)

    @display(
        description=_("status"),
        ordering="status",
        label={"owed": "warning", "paid": "success", "skipped": "info", "taken_back": "danger"},
    )
    def shown_status(self, row: Reward) -> tuple[str, Any]:
        return row.status.lower(), row.get_status_display()
