"""The composer's part for co-authors, and the form with which one answers."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from social.coauthors import rules
from social.feed.extras import ExtraForm


class AskCoAuthors(ExtraForm):
    """Up to five usernames with a share each; empty rows are left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place in range(rules.MOST):
            self.fields[f"username_{place}"] = forms.CharField(
                label=_("Username"),
                required=False,
                max_length=31,
                widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
            )
            self.fields[f"percent_{place}"] = forms.IntegerField(
                label=_("Share in %"),
                required=False,
                min_value=rules.LEAST_PERCENT,
                max_value=rules.MOST_PERCENT_TOGETHER,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "step": "1"}),
            )

    @property
    def rows(self) -> Iterator[tuple[Any, Any]]:
        """The fields, two by two."""
        for place in range(rules.MOST):
            yield self[f"username_{place}"], self[f"percent_{place}"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for place in range(rules.MOST):
            name, share = f"username_{place}", f"percent_{place}"
            if cleaned.get(name) and not cleaned.get(share) and share not in self.errors:
                self.add_error(share, _("Say how much of the tips is theirs."))
            if cleaned.get(share) and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Say whose share this is."))
        return cleaned

    @property
    def value(self) -> list[dict[str, Any]]:
        given = self.cleaned_data
        return [
            {"username": given[f"username_{place}"], "percent": given[f"percent_{place}"]}
            for place in range(rules.MOST)
            if given.get(f"username_{place}")
        ]

    @property
    def is_used(self) -> bool:
        return bool(self.value)


class Answer(forms.Form):
    """Yes or no, from the two buttons of the page."""

    answer = forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))])
