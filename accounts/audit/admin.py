from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, RangeDateFilter

from accounts.audit import queries, wording
from accounts.audit.models import AdminAction, AuditLog
from config.lib.admin import ReadOnlyAdmin
from config.lib.ids import first_id_at


class OfKind(DropdownFilter):
    """One value of an indexed column."""

    table = "accounts_auditlog"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, value) for value in queries.kinds_of(self.table, self.parameter_name)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() else queryset


class OfAction(OfKind):
    title = _("what was done")
    parameter_name = "action"


class OfThing(OfKind):
    title = _("kind of thing")
    parameter_name = "entity_type"


class Days(RangeDateFilter):
    """From one day to another. Ids carry the time, so only the months in question are read."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        first, last = (self._day(end) for end in ("from", "to"))
        if first is not None:
            queryset = queryset.filter(pk__gte=first_id_at(first))
        if last is not None:
            queryset = queryset.filter(pk__lt=first_id_at(last + timedelta(days=1)))
        return queryset

    def _day(self, end: str) -> datetime | None:
        try:
            day = parse_date(str(self.used_parameters.get(f"{self.parameter_name}_{end}", "")))
            return datetime.combine(day, time(), tzinfo=UTC) if day is not None and 1970 <= day.year < 9000 else None
        except ValueError:  # the 31st of February
            return None


class _Kept(ReadOnlyAdmin):
    """Rows that nobody changes, the database's owner neither."""

    for_admins = True
    ordering = ("-id",)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        shown = super().get_changelist_instance(request)
        shown.result_list = list(shown.result_list)
        queries.with_names(shown.result_list)
        return shown

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            queries.with_names([row])
        return row

    @admin.display(description=_("from where"))
    def address(self, row: AuditLog | AdminAction) -> str:
        return row.ip_address or "–"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    @admin.display(description=_("when"))
    def moment(self, row: AuditLog | AdminAction) -> str:
        return wording.moment(row)


@admin.register(AuditLog)
class AuditLogAdmin(_Kept):
    """Who changed what: sensitive tables as triggers wrote it, and acts that matter."""

    list_display = ("moment", "who", "action", "thing", "summary", "address")
    list_filter = (OfAction, OfThing, ("created_at", Days))
    list_select_related = ("page",)
    search_fields = ("=id",)  # see get_search_results
    search_help_text = _("A username, the id of a member or of anything else, or a network address")
    fields = ("moment", "who", "page", "action", "thing", "changes", "reason", "address", "user_agent", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditLog]:
        return super().get_queryset(request).prefetch_related("account__pages")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.replace("\x00", "").strip()
        return (queries.about(queryset, term) if term else queryset), False

    @admin.display(description=_("who"))
    def who(self, row: AuditLog) -> Any:
        return wording.who(row)

    @admin.display(description=_("about"))
    def thing(self, row: AuditLog) -> Any:
        return wording.about(row)

    @admin.display(description=_("what"))
    def summary(self, row: AuditLog) -> str:
        return wording.in_short(row)

    @admin.display(description=_("what"))
    def changes(self, row: AuditLog) -> Any:
        return wording.table_of_changes(row)


@admin.register(AdminAction)
class AdminActionAdmin(_Kept):
    """What staff did to what, and why."""

    class OfAction(OfAction):
        table = "accounts_adminaction"

    class OfThing(OfThing):
        table = "accounts_adminaction"
        parameter_name = "target_type"

    list_display = ("moment", "who", "action", "thing", "reason", "particulars")
    list_filter = (OfAction, OfThing, ("created_at", Days))
    search_fields = ("=id",)  # see get_search_results
    search_help_text = _("A username, or the id of a member or of anything else")
    fields = ("moment", "who", "action", "thing", "reason", "particulars", "address", "user_agent", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AdminAction]:
        return super().get_queryset(request).prefetch_related("staff__pages")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.replace("\x00", "").strip()
        return (queries.done_about(queryset, term) if term else queryset), False

    @admin.display(description=_("who"))
    def who(self, row: AdminAction) -> Any:
        return wording.who(row)

    @admin.display(description=_("about"))
    def thing(self, row: AdminAction) -> Any:
        return wording.about(row)

    @admin.display(description=_("particulars"))
    def particulars(self, row: AdminAction) -> str:
        return wording.particulars(row)
