"""What people type when they sign in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.signin import rules
from accounts.signin.models import SecondStep


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


def _code_field(label: Any, **more: Any) -> forms.CharField:
    """Six digits from a message, or what is like them."""
    return forms.CharField(
        label=label,
        max_length=20,
        error_messages={
            "required": _("Write the six digits from the message."),
            "max_length": _("The code has exactly six digits."),
        },
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "pattern": "[0-9 ]*", "maxlength": "7"}
        ),
        **more,
    )


def _six_digits(typed: str) -> str:
    code = typed.replace(" ", "")
    if not rules.is_code(code):
        raise ValidationError(_("The code has exactly six digits."), code="invalid")
    return code


def _factor_field() -> forms.CharField:
    """A code of the authenticator, or a recovery code in its place."""
    return forms.CharField(
        label=_("Code of your authenticator"),
        max_length=40,
        help_text=_("Six digits, or one of your recovery codes."),
        error_messages={
            "required": _("Write the code that your authenticator shows."),
            "max_length": _("This is too long for a code."),
        },
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


def _password_field() -> forms.CharField:
    """The member's own password."""
    return forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        error_messages={
            "required": _("Write your password."),
            "max_length": _("A password has at most 128 characters."),
        },
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NewNumberForm(PhoneForm):
    """The number that an account is to move to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].label = _("New phone number")
        self.fields["phone"].help_text = _("With the country code. Both numbers get a message, the old and the new.")


class NumberCodesForm(forms.Form):
    """The codes that went to both numbers; that of the old one only until it was right."""

    old_code = _code_field(_("Code sent to your present number"))
    new_code = _code_field(_("Code sent to the new number"))

    def __init__(self, *args: Any, old_is_proved: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if old_is_proved:
            del self.fields["old_code"]

    def clean_old_code(self) -> str:
        return _six_digits(self.cleaned_data["old_code"])

    def clean_new_code(self) -> str:
        return _six_digits(self.cleaned_data["new_code"])


class SentCodeForm(forms.Form):
    """The code of a message that proves anew who asks."""

    answer = _code_field(_("Code"))

    def clean_answer(self) -> str:
        return _six_digits(self.cleaned_data["answer"])


class FactorForm(forms.Form):
    """A code of the authenticator, or a recovery code in its place."""

    answer = _factor_field()


class NewFactorForm(forms.Form):
    """The first code of an authenticator that has just been told the secret."""

    answer = _code_field(_("Code that it shows now"))

    def clean_answer(self) -> str:
        return _six_digits(self.cleaned_data["answer"])


class PasswordForm(forms.Form):
    """The member's own password."""

    answer = _password_field()


class NewPasswordForm(forms.Form):
    """A password to be. Whether it is strong enough, the operation knows."""

    password = forms.CharField(
        label=_("New password"),
        max_length=128,
        strip=False,
        help_text=_("At least ten characters; a few words that do not belong together are good."),
        error_messages={
            "required": _("Write the password that you want."),
            "max_length": _("A password has at most 128 characters."),
        },
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class NewEmailForm(forms.Form):
    """An address to be."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("We send a link there; the address counts once you have opened it."),
        error_messages={
            "required": _("Write the address that you want."),
            "invalid": _("This is not an e-mail address."),
            "max_length": _("This is too long for an e-mail address."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class EmailForm(forms.Form):
    """The address of an account."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        error_messages={
            "required": _("Write the e-mail address of your account."),
            "invalid": _("This is not an e-mail address."),
            "max_length": _("This is too long for an e-mail address."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )


class EmailAndPasswordForm(EmailForm):
    """A confirmed address and its password."""

    password = _password_field()


# -- Second steps: each form has one field, `code` ------------------------------------------------


class SecondFactorForm(forms.Form):
    """A code of the authenticator, or a recovery code in its place."""

    code = _factor_field()


class SecondEmailForm(forms.Form):
    """The code that went to the confirmed address."""

    code = _code_field(_("Code from the e-mail"))

    def clean_code(self) -> str:
        return _six_digits(self.cleaned_data["code"])


class SecondPasswordForm(forms.Form):
    """The password of the account whose number was proved."""

    code = _password_field()


class SecondUsernameForm(forms.Form):
    """A name that the account has here."""

    code = forms.CharField(
        label=_("Your username here"),
        max_length=31,
        help_text=_("The name with the @ that others know you by."),
        error_messages={
            "required": _("Write the username of your account."),
            "max_length": _("A username has at most 30 characters."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )


class ReturnForm(forms.Form):
    """The word that a closed account is to be opened again: the button's value."""

    code = forms.ChoiceField(choices=[(SecondStep.Needs.RETURN.value, "")], widget=forms.HiddenInput)


SECOND_FORMS: dict[str, type[forms.Form]] = {
    SecondStep.Needs.FACTOR: SecondFactorForm,
    SecondStep.Needs.EMAIL: SecondEmailForm,
    SecondStep.Needs.PASSWORD: SecondPasswordForm,
    SecondStep.Needs.USERNAME: SecondUsernameForm,
    SecondStep.Needs.RETURN: ReturnForm,
}
