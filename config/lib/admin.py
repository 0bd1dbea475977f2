"""Bases of the admin: tables to look at, and measures of staff that pass through operations.

A table's page in the admin writes nothing by itself. What staff may do to a row is a measure: a page that says what
will happen, asks for a reason, calls an operation, and is kept in the log of the admin with that reason.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold import paginator
from unfold.admin import ModelAdmin, TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminTextareaWidget

from config.lib.refusals import NotThere, Refused

__all__ = [
    "ChoicesDropdownFilter",
    "LastDays",
    "Look",
    "Measure",
    "ReadOnlyAdmin",
    "ReadOnlyInline",
    "Reason",
    "kept",
    "measures_are_kept_by",
]


_GONE = _("Someone else was quicker, or this is not possible for what it is now.")


Keeper = Callable[[HttpRequest, Model, str, dict[str, Any]], AbstractContextManager[None]]

_keepers: list[Keeper] = []


def measures_are_kept_by(keeper: Keeper) -> None:
    """Wrap every measure of staff: `keeper(request, row, name, form's values)`, a context around the operation."""
    if keeper not in _keepers:
        _keepers.append(keeper)


@contextmanager
def kept(request: HttpRequest, row: Model, given: dict[str, Any], *, name: str) -> Iterator[None]:
    """Around what staff do to a row: it is kept with the form's values, a reason among them. Measures need no call."""
    with ExitStack() as around:
        for keeper in _keepers:
            around.enter_context(keeper(request, row, name, given))
        yield


class InfinitePaginator(paginator.InfinitePaginator):
    """Previous and next, without counting: a count of a ledger reads all of it. Unfold goes by the class's name."""

    def page(self, number: Any) -> Page:
        return super().page(min(self.validate_number(number), 2_000))  # further back: filter or search


class LastDays(admin.SimpleListFilter):
    """Rows made in the last days. Ids carry the time, so an index on created_at is not needed everywhere."""

    title = _("made")
    parameter_name = "made"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("Last 24 hours")), ("7", _("Last 7 days")), ("30", _("Last 30 days"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        from config.lib.ids import first_id_at

        if self.value() not in ("1", "7", "30"):
            return queryset
        return queryset.filter(pk__gte=first_id_at(timezone.now() - timedelta(days=int(self.value() or 0))))


class Look(ModelAdmin):
    """A table to look at: nobody adds, changes or deletes. Moderators see it unless it is `for_admins`."""

    for_admins = False
    show_full_result_count = False
    paginator = InfinitePaginator
    list_per_page = 50
    list_max_show_all = 0
    show_facets = admin.ShowFacets.NEVER
    list_filter_submit = True
    list_fullwidth = True
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser if self.for_admins else request.user.is_staff

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Only what the filters offer. Django lets every column be asked for in the address, and hidden ones (hashes,
        codes, texts of messages) could then be read sign by sign: `?code__startswith=a`.
        """
        column = lookup.partition("__")[0]
        return super().lookup_allowed(lookup, value, request) and (column in self._offered() or not self._has(column))

    def _offered(self) -> set[str]:
        filters = (entry[0] if isinstance(entry, tuple) else entry for entry in self.list_filter)
        named = (entry if isinstance(entry, str) else entry.parameter_name for entry in filters)
        return {"pk", "id", *(name.partition("__")[0] for name in named if name)}

    def _has(self, column: str) -> bool:
        fields = self.model._meta.get_fields()
        return any(column in (field.name, getattr(field, "attname", "")) for field in fields)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        # What can be no key is not even asked of the database.
        return None if "\x00" in object_id else super().get_object(request, object_id, from_field)

    # What a measure's `permissions` name: "staff" for moderators and admins, "admin" for admins.
    def has_staff_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.is_staff

    def has_admin_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.is_superuser

    def measure(
        self, request: HttpRequest, object_id: str, measure: "Measure", do: Callable[[Any, dict[str, Any]], str]
    ) -> HttpResponse:
        """Show a measure's page; once its form is filled in (and confirmed), do it and say what was done.

        `do` gets the row and the form's values, calls an operation, and returns the sentence for the log.
        """
        row = self.get_object(request, object_id)
        if row is None:
            raise PermissionDenied
        form = measure.form(request.POST or None, initial=measure.initial() if measure.initial else None)
        is_asking = measure.is_confirmed and not request.POST.get("confirmed")
        if request.method == "POST" and form.is_valid() and not is_asking:
            try:
                # A measure is called by its own word in the address.
                with kept(request, row, form.cleaned_data, name=request.path.rstrip("/").rsplit("/", 1)[-1]):
                    said = do(row, form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, str(_GONE if isinstance(refusal, NotThere) else refusal))
            else:
                self.log_change(request, row, said)
                messages.success(request, said)
                return redirect(self._address_of(row))
        context = {
            **self.admin_site.each_context(request),
            "title": measure.title,
            "opts": self.model._meta,
            "row": self.subject(row),
            "measure": measure,
            "form": form,
            "must_confirm": is_asking and request.method == "POST" and form.is_valid(),
            "way_back": self._address_of(row),
        }
        return TemplateResponse(request, "admin/measure.html", context, status=422 if form.errors else 200)

    def subject(self, row: Any) -> Any:
        """What a measure's page calls the row."""
        return row

    def _address_of(self, row: Model) -> str:
        options = self.model._meta
        return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[row.pk])


class ReadOnlyAdmin(Look):
    """A table that nobody writes by hand: every field is shown, none can be changed."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[Any]:
        return [field.name for field in self.model._meta.fields]


class ReadOnlyInline(TabularInline):
    """Rows that belong to the one shown."""

    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_staff


class Reason(forms.Form):
    """Why staff does something; kept."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Kept with your name. The member may be shown it."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


@dataclass(frozen=True)
class Measure:
    """What a measure's page says and asks."""

    title: Any
    says: Any  # what will happen
    button: Any
    form: type[forms.Form] = Reason
    is_confirmed: bool = False  # shown once more before it is done
    initial: Callable[[], dict[str, Any]] | None = None
