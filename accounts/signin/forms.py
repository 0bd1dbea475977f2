"""What people type when they sign in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.signin import rules


class PhoneForm(forms.Form):
    """The number, with its country code."""

    phone = forms.CharField(
        label=_("Phone number"),
        max_length=rules.LONGEST_NUMBER,
        help_text=_("With the country code, such as +44 7700 900123. We send it one message and show it to nobody."),
        error_messages={
            "required": _("Write your phone number, so that we can send you a code."),
            "max_length": _("This is too long for a phone number."),
        },
        widget=forms.TextInput(
            attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel", "placeholder": "+44 7700 900123"}
        ),
    )

    def clean_phone(self) -> str:
        """The number as E.164."""
        number = rules.number_of(self.cleaned_data["phone"])
        if number is None:
            raise ValidationError(
                _("This is not a phone number. Write it with + and the country code, such as +44 7700 900123."),
                code="invalid",
            )
        return number


class CodeForm(forms.Form):
    """The code, and for someone new the names to begin with."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        error_messages={
            "required": _("Write the six digits from the message."),
            "max_length": _("The code has exactly six digits."),
        },
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "pattern": "[0-9 ]*",
                "maxlength": "7",
            }
        ),
    )
    username = forms.CharField(
        label=_("Username"),
        max_length=30,
        required=False,
        help_text=_("3 to 30 of a–z, 0–9 and underscore. Leave it empty and we make one up."),
        error_messages={"max_length": _("A username has at most 30 characters.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "maxlength": "30"}
        ),
    )
    display_name = forms.CharField(
        label=_("Name shown"),
        max_length=100,
        required=False,
        help_text=_("How others see you. You can change it at any time."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            # After a refusal the words about it come first.
            self.fields["code"].widget.attrs["autofocus"] = True

    def clean_code(self) -> str:
        """The six digits; blanks that a telephone puts between them do not count."""
        code = self.cleaned_data["code"].replace(" ", "")
        if not rules.is_code(code):
            raise ValidationError(_("The code has exactly six digits."), code="invalid")
        return code

    def clean_username(self) -> str | None:
        """Lower-case, without the @ that people write before it; None when none was chosen."""
        return self.cleaned_data["username"].strip().removeprefix("@").lower() or None
