from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.members.staff import TellsWho
from config.lib.admin import LastDays, ReadOnlyAdmin, Reason, kept
from config.lib.money import CoinsFormField
from config.lib.refusals import Refused
from economy.tax import operations, queries, rules
from economy.tax.models import TaxBracket, TaxCollection, TaxRun

_SPARE = 2  # empty lines for brackets that are added
_DECIMAL = {"inputmode": "decimal", "autocomplete": "off"}


class Line(forms.Form):
    """One bracket; an empty name leaves the line out."""

    name = forms.CharField(label=_("name"), max_length=20, required=False, widget=UnfoldAdminTextInputWidget)
    lower = CoinsFormField(label=_("from"), min_value=0, required=False)
    upper = CoinsFormField(label=_("up to"), min_value=0, required=False)
    rate = forms.DecimalField(
        label=_("weekly rate (0.05 is 5 %)"),
        min_value=0,
        max_value=1,
        decimal_places=4,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs=_DECIMAL),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lower", "upper"):
            self.fields[name].widget = UnfoldAdminTextInputWidget(attrs=_DECIMAL)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("name") and not self.errors:
            for name in ("lower", "rate"):
                if given.get(name) is None:
                    self.add_error(name, _("Needed for a bracket."))
        return given


class Why(Reason):
    """Why the table changes; everybody pays by it."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=UnfoldAdminTextInputWidget)


Lines = forms.formset_factory(Line, extra=_SPARE, max_num=20, absolute_max=20)


@admin.register(TaxBracket)
class TaxBracketAdmin(ReadOnlyAdmin):
    """The table of brackets. It is changed as a whole, because one bracket's end is the next one's beginning."""

    list_display = ("name", "lower", "upper", "rate", "updated_at")
    ordering = ("lower",)
    actions_list = ["change_all"]

    @action(description=_("Change the brackets"), url_path="all", permissions=["admin"], icon="edit")
    def change_all(self, request: HttpRequest) -> HttpResponse:
        initial = [vars(bracket) for bracket in queries.brackets()]
        lines = Lines(request.POST or None, initial=initial, prefix="brackets")
        reason = Why(request.POST or None)
        refusal = ""
        if request.method == "POST" and lines.is_valid() and reason.is_valid():
            wanted = [rules.Bracket(**line) for line in lines.cleaned_data if line.get("name")]
            written = ", ".join(f"{one.name} {one.lower}–{one.upper or '…'} {one.rate}" for one in wanted)
            present = TaxBracket.objects.order_by("lower").first() or TaxBracket()
            given = {**reason.cleaned_data, "brackets": written}
            try:
                with kept(request, present, given, name="change-brackets"):
                    operations.set_brackets(staff=request.user, brackets=wanted)  # type: ignore[arg-type]
            except Refused as why:
                refusal = str(why)
            else:
                for row in TaxBracket.objects.order_by("lower")[:1]:
                    self.log_change(request, row, f"Brackets: {written}")
                messages.success(request, _("The brackets apply from the next tax on."))
                return redirect("admin:economy_taxbracket_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change the tax brackets"),
            "opts": self.model._meta,
            "lines": lines,
            "reason": reason,
            "refusal": refusal,
        }
        is_refused = bool(refusal) or (request.method == "POST")
        return TemplateResponse(request, "admin/brackets.html", context, status=422 if is_refused else 200)


@admin.register(TaxRun)
class TaxRunAdmin(ReadOnlyAdmin):
    list_display = ("period", "status", "basis", "members", "payers", "total_base", "total_tax", "finished_at")
    list_filter = ("status",)
    ordering = ("-period",)


@admin.register(TaxCollection)
class TaxCollectionAdmin(TellsWho):
    member = "wallet__user_id"
    list_display = ("id", "who", "run", "base", "tokens_taxed", "tax_bracket", "tax_rate", "balance_after")
    list_filter = (LastDays,)
    list_select_related = ("run",)
    search_fields = ("=wallet__id", "=run__period")
    ordering = ("-id",)
