"""The composer's bounty. It saves nothing."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from config.lib.money import CoinsFormField
from config.lib.refusals import Refused
from config.lib.runtime import figures
from social.bounties import operations, rules
from social.feed.extras import ExtraForm

_DAYS = (1, 2, 3, 5, 7, 10, 14, 21, 30)


class OfferBounty(ExtraForm):
    """How many coins wait how long for the best answer. Without an amount there is no bounty."""

    amount = CoinsFormField(label=_("Coins for the best answer"), required=False)
    days = forms.TypedChoiceField(label=_("You choose within"), coerce=int, initial=rules.USUAL.days, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = [(number, ngettext("%(n)d day", "%(n)d days", number) % {"n": number}) for number in _DAYS]
        self.fields["days"].choices = days  # type: ignore[attr-defined]
        self.least, self.most = operations.bounds(figures())
        self.fields["amount"].widget.attrs.update({"min": str(self.least), "max": str(self.most)})

    @property
    def is_used(self) -> bool:
        return self.cleaned_data.get("amount") is not None

    @property
    def is_open(self) -> bool:
        return self.is_bound and (bool(self.errors) or bool(self["amount"].value()))

    @property
    def value(self) -> dict[str, Any]:
        return {"amount": self.cleaned_data["amount"], "days": self.cleaned_data.get("days") or rules.USUAL.days}

    def clean_amount(self) -> Decimal | None:
        amount = self.cleaned_data["amount"]
        if amount is not None:
            try:
                operations.must_fit(amount, figures())
            except Refused as refusal:
                raise forms.ValidationError(str(refusal)) from None
        return amount
