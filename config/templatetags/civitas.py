"""The words and parts that every page uses. Built into the template engine: no page has to load them.

docs/design.md shows each.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, cast
from zlib import crc32

from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.lib import moments
from config.lib.wording import percent_in_words
from config.templatetags import charts
from config.templatetags import navigation as places

register = template.Library()
_WIDEST = 9  # characters of a figure that fit the narrowest card at full size: 99,999.99
register.tags.update(charts.register.tags)
register.filter("figure", charts.figure)
register.filter("percent", charts.percent)
MOST_SHOWN = 99  # of what is new; live.js says the same

FACES = 8
_ICON_NAME = re.compile(r"[a-z0-9-]+")


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite. Without a label it is decoration and hidden from readers of the screen."""
    return _icon(name, str(label), css)


@lru_cache(maxsize=512)  # a feed shows a hundred of them, and they are the same ones on every page
def _icon(name: str, label: str, css: str) -> SafeString:
    if not _ICON_NAME.fullmatch(name):
        raise template.TemplateSyntaxError(f"{name!r} is not the name of an icon")
    spoken = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="{}" width="20" height="20" {}><use href="{}#{}"></use></svg>',
        f"icon {css}".rstrip(),
        spoken,
        static("icons/sprite.svg"),
        name,
    )


def _coins(amount: Any) -> Decimal:
    try:
        return Decimal(str(amount)).quantize(Decimal("0.01"))
    except InvalidOperation as error:
        raise template.TemplateSyntaxError(f"{amount!r} is not an amount of coins") from error


def coins_in_words(amount: Any) -> str:
    """Figures without a unit, in the reader's language: 1234.5 → "1,234.50"."""
    return formats.number_format(abs(_coins(amount)), 2, force_grouping=True)


@register.simple_tag
def coin(amount: Any, *, signed: bool = False, large: bool = False) -> SafeString | str:
    """The coin chip. `signed` shows whether coins came or went; `large` is for the balance a page is about."""
    if amount is None or amount == "":
        return ""
    exact = _coins(amount)
    sign = "−" if exact < 0 else "+" if signed and exact > 0 else ""
    css = "coin"
    if signed and exact:
        css += " coin-plus" if exact > 0 else " coin-minus"
    if large:
        css += " coin-large"
    return format_html(
        '<data class="{}" value="{}">{}<span>{}{}</span><span class="visually-hidden"> {}</span></data>',
        css,
        str(exact),
        icon("mark"),
        sign,
        coins_in_words(exact),
        ngettext("coin", "coins", 1 if abs(exact) == 1 else 2),
    )


@register.filter
def coins(amount: Any) -> str:
    """Coins inside a sentence, a title or an attribute: "12.50 coins". Elsewhere use the chip."""
    sign = "−" if _coins(amount) < 0 else ""
    unit = ngettext("coin", "coins", 1 if abs(_coins(amount)) == 1 else 2)
    return f"{sign}{coins_in_words(amount)} {unit}"


@register.filter
def share(part: Decimal) -> str:
    """A share with no more decimals than it has: 0.0700 → "7%", 0.0125 → "1.25%"."""
    return percent_in_words(part)


def _time(moment: datetime, words: str, title: str, css: str = "") -> SafeString:
    return format_html(
        '<time class="{}" datetime="{}" title="{}">{}</time>', css or "when", moment.isoformat(), title, words
    )


@register.filter
def is_ahead(moment: datetime | None) -> bool:
    """Whether a moment is still to come: what can be undone until then still can."""
    return moment is not None and moment > timezone.now()


@register.filter
def moment(text: str) -> datetime | None:
    """A moment that is kept as text (ISO 8601), for the tags that say times."""
    return parse_datetime(text or "")


@register.simple_tag
def ago(moment: datetime | None) -> SafeString | str:
    """A time as people say it, with the exact one on hover."""
    if moment is None:
        return ""
    return _time(moment, moments.relative(moment, now=timezone.now()), moments.exact(moment))


@register.simple_tag
def exact(moment: datetime | None) -> SafeString | str:
    """A time in full, with the relative one on hover: receipts, statements, deadlines."""
    if moment is None:
        return ""
    return _time(moment, moments.exact(moment), moments.relative(moment, now=timezone.now()), "exact")


@register.simple_tag
def countdown(until: datetime | None, over: str = "") -> SafeString | str:
    """What is left until then: "23 h 12 min". Scripts keep it true; without them it is as of the page's making."""
    if until is None:
        return ""
    over = over or _("over")
    return format_html(
        '<time class="countdown" datetime="{0}" data-until="{0}" data-over="{1}" title="{2}">{3}</time>',
        until.isoformat(),
        over,
        moments.exact(until),
        moments.remaining(until, now=timezone.now()) or over,
    )


def initials(name: str) -> str:
    """Up to two letters that stand for a name: "Ana Lucia Reyes" → "AR"."""
    words = re.findall(r"\w+", name.replace("_", " "))
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.simple_tag
def avatar(page: Any, size: str = "") -> SafeString | str:
    """The face of a page: its picture, or initials on a colour of its own. Stands beside the name: not read out."""
    username = getattr(page, "username", "") or ""
    if not username:
        return ""
    css = f"avatar avatar-{crc32(username.lower().encode()) % FACES}" + (f" avatar-{size}" if size else "")
    url = getattr(page, "avatar_url", "") or ""
    if url:
        # Drawn at twice the pixels for fine screens; only the large one needs more than 80.
        pixels = 256 if size == "large" and hasattr(page, "picture_url") else 80
        return format_html(
            '<span class="{}" aria-hidden="true"><img src="{}" alt="" loading="lazy" width="{}" height="{}"></span>',
            css,
            page.picture_url(pixels) if pixels == 256 else url,
            pixels,
            pixels,
        )
    name = getattr(page, "display_name", "") or username
    return format_html('<span class="{}" aria-hidden="true">{}</span>', css, initials(name))


@register.simple_tag(takes_context=True)
def tab(
    context: Context, label: str, url: str, icon_name: str = "", count: Any = None, current: bool | None = None
) -> SafeString:
    """One tab, marked as current when its address is the page's own. Stands inside <nav class="tabs" aria-label>.

    Where tabs differ by their query alone, the page says which one is `current`.
    """
    request = context.get("request")
    path, _mark, query = url.partition("?")
    if current is None and request is not None and request.path == (path or request.path):
        current = not query or request.META.get("QUERY_STRING", "") == query
    return format_html(
        '<a class="tab" href="{}"{}>{}{}{}</a>',
        url,
        SafeString(' aria-current="page"') if current else "",
        icon(icon_name) if icon_name else "",
        label,
        format_html(' <span class="badge">{}</span>', charts.figure(count)) if count is not None else "",
    )


@register.filter
def so_many(count: int) -> str:
    """How many are new, in as little room as a bar on a phone has: 3, 99, 99+."""
    return charts.figure(count) if count <= MOST_SHOWN else f"{charts.figure(MOST_SHOWN)}+"


@register.inclusion_tag("components/_progress.html")
def progress(value: Any, most: Any = 1, label: str = "", text: str = "") -> dict[str, Any]:
    """How far something is. `text` says it in words ("320 of 500 votes"); without it, the percentage."""
    whole = float(most) or 1.0
    share = min(1.0, max(0.0, float(value) / whole))
    return {"share": f"{share:.4f}", "label": label, "text": text or charts.percent(share, 0)}


@register.inclusion_tag("components/_stat.html")
def stat(label: str, value: Any, hint: str = "", *, coins: bool = False, icon_name: str = "") -> dict[str, Any]:
    """One figure with its name. Numbers are written in the reader's language; `coins=True` adds the coin."""
    is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    shown = charts.figure(value) if is_number and not coins else value
    is_long = is_number and len(charts.figure(value)) > _WIDEST
    return {
        "label": label,
        "value": shown,
        "hint": hint,
        "coins": coins,
        "icon_name": icon_name,
        "is_long": is_long,
    }


@register.inclusion_tag("components/_money_preview.html")
def money_preview(
    *, keep: Any = None, gets: Any = None, who: str = "", when: str = "", undo: bool = False, note: str = ""
) -> dict[str, Any]:
    """What a movement of coins will do: what one keeps, who gets what and when, whether it can be undone."""
    return {"keep": keep, "gets": gets, "who": who, "when": when, "undo": undo, "note": note}


@register.inclusion_tag("components/_nav.html", takes_context=True)
def navigation(context: Context) -> Mapping[str, Any]:
    """The way through the site: a rail on wide screens, a bar of five on phones."""
    request = context.get("request")
    member = getattr(request, "user", None)
    is_member = bool(getattr(member, "is_authenticated", False))
    page = (context.get("acting_page") or getattr(member, "primary_page", None)) if is_member else None
    return places.links(
        path=getattr(request, "path", ""),
        username=getattr(page, "username", ""),
        is_member=is_member,
        context=cast(Mapping[str, Any], context.flatten()),
    )


@register.inclusion_tag("components/_settings_sections.html", takes_context=True)
def settings_sections(context: Context) -> Mapping[str, Any]:
    """The sections of the settings, with the one where the reader is."""
    return places.sections(path=getattr(context.get("request"), "path", ""))
