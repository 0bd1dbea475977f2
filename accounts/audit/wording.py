"""Rows of the audit as staff read them: who, when, about what, and what is different."""

import json
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.audit.models import AdminAction, AuditLog
from accounts.members.models import User

_SETTING = '{"__type__"'  # how constance writes values
# What acts call the thing they are about, where it is not a table.
_TABLE_OF = {"member": "accounts_user", "account": "accounts_user"}


def moment(row: AuditLog | AdminAction) -> str:
    """When, to the second, in the reader's time zone."""
    at = timezone.localtime(row.created_at)
    return format_html(
        '<span class="whole">{}</span> <span class="whole">{}</span>', f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}"
    )


def who(row: AuditLog | AdminAction) -> Any:
    """Whoever acted, with a link."""
    if isinstance(row, AdminAction):
        return _member(row.staff)
    return _member(row.account) if row.account_id else _("job, command or psql")


def about(row: AuditLog | AdminAction) -> Any:
    """What it was about, with a link where the admin shows it."""
    kind, key = (row.target_type, row.target_id) if isinstance(row, AdminAction) else (row.entity_type, row.entity_id)
    return _thing(kind, key, getattr(row, "name_of_thing", ""))


def changes(row: AuditLog) -> list[tuple[str, str, str]]:
    """(column, before, after) of everything that differs."""
    before, after = row.old_values or {}, row.new_values or {}
    if not isinstance(before, dict) or not isinstance(after, dict):
        return [(str(_("all")), _shown(row.old_values), _shown(row.new_values))]
    return [(name, _shown(before.get(name)), _shown(after.get(name))) for name in sorted({*before, *after})]


def in_short(row: AuditLog) -> str:
    """The changes in one line, or else the reason."""
    if row.old_values is None:  # a new row, or an act
        words = [f"{name}: {after}" for name, _before, after in changes(row) if name != "address"]
    elif row.new_values is None:
        words = [f"{name}: {before}" for name, before, _after in changes(row)]
    else:
        words = [f"{name}: {before} → {after}" for name, before, after in changes(row)]
    return Truncator("; ".join(words) or row.reason).chars(120)


def table_of_changes(row: AuditLog) -> Any:
    """Before and after, side by side."""
    lines = format_html_join(
        "",
        '<tr><th scope="row">{}</th><td><bdi>{}</bdi></td><td><bdi>{}</bdi></td></tr>',
        changes(row),
    )
    if not lines:
        return _("nothing further")
    head = format_html("<tr><td></td><th>{}</th><th>{}</th></tr>", _("before"), _("after"))
    return format_html(
        '<div class="scrolls" tabindex="0"><table class="changes"><thead>{}</thead><tbody>{}</tbody></table></div>',
        head,
        lines,
    )


def particulars(row: AdminAction) -> str:
    """What a measure was given besides its reason."""
    return "; ".join(f"{name}: {_shown(value)}" for name, value in sorted(row.details.items())) or "–"


def table_of(rows: list[Any], columns: list[tuple[Any, Any]]) -> Any:
    """Rows under headings: `columns` are (heading, function of a row)."""
    if not rows:
        return _("nothing yet")
    head = format_html_join("", '<th scope="col">{}</th>', ((heading,) for heading, _cell in columns))
    lines = format_html_join(
        "",
        "<tr>{}</tr>",
        ((format_html_join("", "<td>{}</td>", ((cell(row),) for _heading, cell in columns)),) for row in rows),
    )
    return format_html(
        '<div class="scrolls" tabindex="0"><table class="changes is-wide">'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        head,
        lines,
    )


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


def _thing(kind: str, key: str, name: str) -> Any:
    table = _TABLE_OF.get(kind, kind)
    model = next((model for model in apps.get_models() if model._meta.db_table == table), None)
    label = model._meta.verbose_name if model is not None else kind
    short = name or (key if len(key) < 32 else f"…{key[-8:]}")
    if model is not None and key and admin.site.is_registered(model):
        options = model._meta
        address = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[key])
        return format_html('{} <a class="whole" href="{}">{}</a>', label, address, short)
    return format_html('{} <span class="whole">{}</span>', label, short) if short else label
