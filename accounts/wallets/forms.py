"""What the pages about addresses take in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.wallets.models import Network

_CODE = {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false", "dir": "ltr"}


class AskForSignature(forms.Form):
    """Which address is to be proved."""

    network = forms.ChoiceField(label=_("Network"), choices=Network.choices, initial=Network.ETHEREUM)
    address = forms.CharField(
        label=_("Address"), max_length=100, widget=forms.TextInput(attrs={**_CODE, "placeholder": "0x…"})
    )


class ProveAddress(forms.Form):
    """What the wallet answered."""

    signature = forms.CharField(
        label=_("Signature"),
        max_length=1000,
        widget=forms.Textarea(attrs={**_CODE, "rows": 3, "placeholder": "0x…"}),
    )
