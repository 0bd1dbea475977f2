"""What the pages of leaving take in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

KEEP, REMOVE = "keep", "remove"


class CloseAccount(forms.Form):
    """What becomes of one's words, and that one knows what will happen."""

    writing = forms.ChoiceField(
        label=_("What you have written"),
        choices=[
            (KEEP, _("stays, without your name: others have answered it")),
            (REMOVE, _("is removed together with the account")),
        ],
        widget=forms.RadioSelect,
        initial=KEEP,
    )
    understood = forms.BooleanField(
        label=_("I know that everything that names me is erased after these days, and that nobody can undo it"),
        error_messages={"required": _("Say that you know what will happen.")},
    )

    def choices_made(self) -> dict[str, Any]:
        """What `close_account` takes."""
        return {"removes_writing": self.cleaned_data["writing"] == REMOVE}
