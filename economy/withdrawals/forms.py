"""What a member is asked for a withdrawal: one form per method. They save nothing."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.wallets.models import Network, WalletAddress
from config.lib.money import MOST, ZERO, CoinsFormField
from economy.withdrawals import rules
from economy.withdrawals.models import WithdrawalRequest

Method = WithdrawalRequest.Method

_CODE = {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false", "dir": "ltr"}
_EMAIL = forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "dir": "ltr"})

CARD_NAMES = {
    "AMAZON": "Amazon",
    "APPLE": "Apple",
    "GOOGLE_PLAY": "Google Play",
    "STEAM": "Steam",
    "VISA": "Visa",
}
NETWORK_NAMES: dict[str, str] = {**{str(value): str(label) for value, label in Network.choices}, "bitcoin": "Bitcoin"}

_WRONG: dict[str, str | Promise] = {
    "holder": _("Write the name of the account’s owner, 2 to 70 characters."),
    "iban": _("This IBAN cannot be right: look at its digits again."),
    "bic": _("A BIC has 8 or 11 letters and digits."),
    "email": _("This is not an e-mail address."),
    "network": _("Choose the network of the address."),
    "address": _("This cannot be an address on that network: look at its characters again."),
    "card": _("Choose a card."),
}


def fresh_key() -> str:
    return uuid4().hex


class AskForWithdrawal(forms.Form):
    """How many coins; `key` is made with the form, so that a double click asks once. `fee_seen` is what was shown."""

    method = ""
    amount = CoinsFormField(label=_("Coins"), max_value=MOST)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=fresh_key)
    fee_seen = CoinsFormField(required=False, min_value=ZERO, max_value=MOST)

    def __init__(self, *args: Any, addresses: list[WalletAddress] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fee_seen"].widget = forms.HiddenInput()
        self.addresses = addresses or []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = self.given()
        if not self.errors:
            try:
                rules.checked_details(self.method, given)
            except rules.BadDetail as bad:
                self.add_error(bad.field if bad.field in self.fields else None, str(_WRONG[bad.field]))
        return cleaned

    def given(self) -> dict[str, str]:
        """The details as they were written."""
        return {name: self.cleaned_data[name] for name in rules.fields_of(self.method) if self.cleaned_data.get(name)}

    def asks(self) -> dict[str, Any]:
        """The form as `operations.look_at_withdrawal` takes it."""
        return {"amount": self.cleaned_data["amount"], "method": self.method, "details": self.given()}


class ByBank(AskForWithdrawal):
    method = Method.BANK
    holder = forms.CharField(
        label=_("Owner of the account"), max_length=70, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    iban = forms.CharField(label=_("IBAN"), max_length=60, widget=forms.TextInput(attrs=_CODE))
    bic = forms.CharField(label=_("BIC"), max_length=11, required=False, widget=forms.TextInput(attrs=_CODE))


class ByPayPal(AskForWithdrawal):
    method = Method.PAYPAL
    email = forms.CharField(label=_("E-mail address at PayPal"), max_length=254, widget=_EMAIL)


class ToAddress(AskForWithdrawal):
    """To an address that the member has proved, or to another one that they write."""

    method = Method.CRYPTO
    proved = forms.ChoiceField(required=False)
    network = forms.ChoiceField(label=_("Network"), required=False, choices=list(NETWORK_NAMES.items()))
    address = forms.CharField(label=_("Address"), max_length=100, required=False, widget=forms.TextInput(attrs=_CODE))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.addresses:
            del self.fields["proved"]
            self.fields["network"].required = self.fields["address"].required = True
            return
        own = [(str(one.pk), f"{one.get_network_display()}: {one.shortened}") for one in self.addresses]
        self.fields["proved"] = forms.ChoiceField(
            label=_("To which address"),
            required=False,
            choices=[*own, ("", _("another one, written below"))],
            initial=own[0][0],
        )

    def clean(self) -> dict[str, Any]:
        chosen = self.cleaned_data.get("proved")
        for one in self.addresses:
            if chosen == str(one.pk):
                self.cleaned_data |= {"network": one.network, "address": one.address}
        return super().clean()


class ByGiftCard(AskForWithdrawal):
    method = Method.GIFT_CARD
    card = forms.ChoiceField(label=_("Card"), choices=[(card, CARD_NAMES[card]) for card in rules.GIFT_CARDS])
    email = forms.CharField(label=_("E-mail address that it is sent to"), max_length=254, widget=_EMAIL)


FORMS: dict[str, type[AskForWithdrawal]] = {form.method: form for form in (ByBank, ByPayPal, ToAddress, ByGiftCard)}
