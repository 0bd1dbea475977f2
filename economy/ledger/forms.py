"""The shape of what members send from the wallet's pages."""

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.members.models import USERNAME_PATTERN
from config.lib.money import CENT, MOST
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
    amount = forms.DecimalField(
        label=_("Coins"),
        min_value=CENT,
        max_value=MOST,
        max_digits=18,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.01", "min": "0.01", "inputmode": "decimal"}),
    )
    memo = forms.CharField(label=_("Words to go with it"), max_length=200, required=False)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=fresh_key)

    def clean_to(self) -> str:
        return self.cleaned_data["to"].removeprefix("@")


class StatementFilter(forms.Form):
    """Which lines of the statement: a kind, and a span of days (both included)."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all kinds")), *TransferKind.choices])
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            raise forms.ValidationError(_("The first day is after the last one."))
        return cleaned

    def span(self) -> dict[str, Any]:
        """The filter as `queries.statement` takes it; nothing while the form is wrong."""
        if not self.is_valid():
            return {}
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        return {
            "kind": self.cleaned_data["kind"] or None,
            "since": datetime.combine(since, time(), UTC) if since else None,
            "until": datetime.combine(until, time(), UTC) + timedelta(days=1) if until else None,
        }
