"""The shape of what members send from the wallet's pages."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.members.models import USERNAME_PATTERN, Page
from accounts.members.queries import named_page
from config.lib.money import CENT, MOST, CoinsFormField
from config.lib.refusals import KeyReused, Refused
from economy.ledger.models import TransferKind


def fresh_key() -> str:
    return uuid.uuid4().hex


class Gift(forms.Form):
    """Coins for another member. `key` is made with the form, so that a double click or a reload gives once."""

    to = forms.RegexField(
        label=_("To"),
        regex=USERNAME_PATTERN.replace("^", r"^@?"),
        max_length=31,
        help_text=_("Username of the member, such as @ana."),
        error_messages={"invalid": _("That is not a username: 3 to 30 of a–z, 0–9 and underscore.")},
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
    amount = CoinsFormField(label=_("Coins"), min_value=CENT, max_value=MOST)
    memo = forms.CharField(label=_("Words to go with it"), max_length=200, required=False)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=fresh_key)

    def clean_to(self) -> str:
        return self.cleaned_data["to"].removeprefix("@")

    def refuse(self, refusal: Refused) -> None:
        """Put a refusal's sentence on the form. The key stays, unless it has made another gift before."""
        self.add_error(None, str(refusal))
        if isinstance(refusal, KeyReused):
            self.data = {**self.data, "key": fresh_key()}


class StatementFilter(forms.Form):
    """Which lines of the statement: a kind, who stood on the other side, and a span of days (both included)."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all kinds")), *TransferKind.choices])
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    who = forms.CharField(
        label=_("With"),
        required=False,
        max_length=31,
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false", "placeholder": "@ana"}
        ),
    )

    def clean_who(self) -> Page | None:
        """The page of that name, shown or not: whoever has left may still be asked for."""
        name = self.cleaned_data["who"].removeprefix("@").lower()
        if not name:
            return None
        page = named_page(name)
        if page is None:
            raise forms.ValidationError(_("There is no member of that name."))
        return page

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            raise forms.ValidationError(_("The first day is after the last one."))
        return cleaned

    @property
    def is_refused(self) -> bool:
        """Whether something was asked for that makes no sense. Nothing asked is all lines."""
        return self.is_bound and not self.is_valid()

    def span(self) -> dict[str, Any]:
        """The filter as `queries.statement` takes it. Only for one that is not refused."""
        if not self.is_valid():
            return {}
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        if until == date.max:
            until = None  # no day comes after it
        return {
            "kind": self.cleaned_data["kind"] or None,
            "page": self.cleaned_data["who"],
            "since": datetime.combine(since, time(), UTC) if since else None,
            "until": datetime.combine(until, time(), UTC) + timedelta(days=1) if until else None,
        }


def presets(today: date) -> list[tuple[Any, date, date]]:
    """Spans that are asked for often: what each is called, its first and its last day."""
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    before = first - timedelta(days=1)
    return [
        (_("This week"), monday, today),
        (_("Last week"), monday - timedelta(days=7), monday - timedelta(days=1)),
        (_("This month"), first, today),
        (_("Last month"), before.replace(day=1), before),
        (_("This year"), today.replace(month=1, day=1), today),
    ]
