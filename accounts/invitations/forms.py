"""What people type when they invite and when they apply."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.invitations import rules
from accounts.members.forms import UsernameField, Words
from config.lib.money import CENT, CoinsFormField
from config.lib.runtime import figures


def _number(**kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(min_value=1, widget=forms.NumberInput(attrs={"inputmode": "numeric"}), **kwargs)


class MakeInvitation(forms.Form):
    """A link: for how many people, for how long, with what."""

    uses = _number(label=_("How many people can join by it"), initial=1)
    days = _number(label=_("Days it is good for"), initial=7)
    gift = CoinsFormField(
        label=_("Gift for each of them"),
        required=False,
        min_value=CENT,
        help_text=_("Leaves your wallet when they join, not before. Leave it empty for none."),
    )
    note = forms.CharField(
        label=_("Note to yourself"),
        max_length=rules.LONGEST_NOTE,
        required=False,
        help_text=_("Whom it is for. Only you see it."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = figures()
        for name, most in (("uses", now.INVITATION_USES_MOST), ("days", now.INVITATION_DAYS_MOST)):
            field: Any = self.fields[name]
            between = _("Write a number from 1 to %(most)s.") % {"most": most}
            field.validators = [MinValueValidator(1, between), MaxValueValidator(most, between)]
            field.error_messages = {"required": between, "invalid": between}
            field.widget.attrs["max"] = most


class Apply(forms.Form):
    """A few words of someone who would like to join."""

    words = Words(
        rows=5,
        label=_("About you"),
        max_length=rules.LONGEST_WORDS,
        help_text=_("Who you are and what brings you here. Staff read it, nobody else."),
        error_messages={"required": _("Write a few words about yourself.")},
    )
    username = UsernameField(
        label=_("Username"),
        required=False,
        help_text=_("3 to 30 of a–z, 0–9 and underscore. Leave it empty and we make one up."),
    )
    display_name = forms.CharField(
        label=_("Name shown"),
        max_length=100,
        required=False,
        help_text=_("How others see you. You can change it at any time."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "name"}),
    )
