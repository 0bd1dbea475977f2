import json
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, RangeDateFilter

from accounts.audit import queries
from accounts.audit.models import AdminAction, AuditLog
from accounts.members.models import User
from config.lib.admin import ReadOnlyAdmin
from config.lib.ids import first_id_at

_SETTING = '{"__type__"'  # how constance writes values
# What acts call the thing they are about, where it is not a table.
_TABLE_OF = {"member": "accounts_user", "account": "accounts_user"}


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

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    @admin.display(description=_("when"))
    def moment(self, row: AuditLog | AdminAction) -> str:
        return f"{timezone.localtime(row.created_at):%Y-%m-%d %H:%M:%S}"


@admin.register(AuditLog)
class AuditLogAdmin(_Kept):
    """Who changed what: sensitive tables as triggers wrote it, and acts that matter."""

    list_display = ("moment", "who", "action", "thing", "summary", "ip_address")
    list_filter = (OfAction, OfThing, ("created_at", Days))
    list_select_related = ("page",)
    search_fields = ("=id",)  # see get_search_results
    search_help_text = _("A username, the id of a member or of anything else, or a network address")
    fields = ("moment", "who", "page", "action", "thing", "changes", "reason", "ip_address", "user_agent", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditLog]:
        return super().get_queryset(request).prefetch_related("account__pages")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.replace("\x00", "").strip()
        return (queries.about(queryset, term) if term else queryset), False

    @admin.display(description=_("who"))
    def who(self, row: AuditLog) -> Any:
        return _member(row.account) if row.account_id else _("job, command or psql")

    @admin.display(description=_("about"))
    def thing(self, row: AuditLog) -> Any:
        return _thing(row.entity_type, row.entity_id)

    @admin.display(description=_("what"))
    def summary(self, row: AuditLog) -> str:
        words = "; ".join(f"{name}: {before} → {after}" for name, before, after in _changes(row))
        return Truncator(words or row.reason).chars(120)

    @admin.display(description=_("what"))
    def changes(self, row: AuditLog) -> Any:
        lines = format_html_join(
            "",
            '<tr><th scope="row">{}</th><td><bdi>{}</bdi></td><td><bdi>{}</bdi></td></tr>',
            _changes(row),
        )
        if not lines:
            return _("nothing further")
        head = format_html("<tr><th></th><th>{}</th><th>{}</th></tr>", _("before"), _("after"))
        return format_html('<table class="changes"><thead>{}</thead><tbody>{}</tbody></table>', head, lines)


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
    fields = ("moment", "who", "action", "thing", "reason", "particulars", "ip_address", "user_agent", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AdminAction]:
        return super().get_queryset(request).prefetch_related("staff__pages")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        term = search_term.replace("\x00", "").strip()
        return (queries.done_about(queryset, term) if term else queryset), False

    @admin.display(description=_("who"))
    def who(self, row: AdminAction) -> Any:
        return _member(row.staff)

    @admin.display(description=_("about"))
    def thing(self, row: AdminAction) -> Any:
        return _thing(row.target_type, row.target_id)

    @admin.display(description=_("particulars"))
    def particulars(self, row: AdminAction) -> str:
        return "; ".join(f"{name}: {_shown(value)}" for name, value in sorted(row.details.items())) or "–"


def _changes(row: AuditLog) -> list[tuple[str, str, str]]:
    before, after = row.old_values or {}, row.new_values or {}
    if not isinstance(before, dict) or not isinstance(after, dict):
        return [(str(_("all")), _shown(row.old_values), _shown(row.new_values))]
    return [(name, _shown(before.get(name)), _shown(after.get(name))) for name in sorted({*before, *after})]


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, str):
        return _setting(value) if value.startswith(_SETTING) else value
    return json.dumps(value, ensure_ascii=False)


def _setting(value: str) -> str:
    """The value of a runtime setting without the words that constance puts around it."""
    try:
        return str(json.loads(value)["__value__"])
    except (ValueError, KeyError, TypeError):
        return value


def _member(member: User | None) -> Any:
    name = next((f"@{page.username}" for page in member.pages.all() if page.is_primary), "") if member else ""
    if member is None:
        return "–"
    return format_html(
        '<a href="{}">{}</a>', reverse("admin:accounts_user_change", args=[member.pk]), name or member.pk
    )


def _thing(kind: str, key: str) -> Any:
    table = _TABLE_OF.get(kind, kind)
    model = next((model for model in apps.get_models() if model._meta.db_table == table), None)
    label = model._meta.verbose_name if model is not None else kind
    short = key if len(key) < 36 else f"…{key[-12:]}"
    if model is not None and key and admin.site.is_registered(model):
        options = model._meta
        address = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[key])
        return format_html('{} <a href="{}">{}</a>', label, address, short)
    return f"{label} {short}".strip()
