"""The composer's poll, and a vote. They save nothing."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from social.feed.extras import ExtraForm
from social.polls import rules
from social.polls.operations import UnusablePoll

_DAY = 24 * 60
_USUAL = _DAY
_LASTS = (
    (5, _("5 minutes")),
    (30, _("30 minutes")),
    (60, _("1 hour")),
    (6 * 60, _("6 hours")),
    (_DAY, _("1 day")),
    (3 * _DAY, _("3 days")),
    (7 * _DAY, _("1 week")),
    (14 * _DAY, _("2 weeks")),
    (30 * _DAY, _("30 days")),
)


class AskPoll(ExtraForm):
    """Two to six answers and how long they can be chosen. Without an answer there is no poll."""

    minutes = forms.TypedChoiceField(label=_("Ends after"), choices=_LASTS, coerce=int, initial=_USUAL, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, rules.MOST + 1):
            self.fields[f"answer_{number}"] = forms.CharField(
                label=_("Answer %(n)d") % {"n": number},
                max_length=rules.LONGEST_ANSWER,
                required=False,
                widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
            )

    @property
    def first_answers(self) -> list[forms.BoundField]:
        """Those that every poll has."""
        return [self[f"answer_{number}"] for number in range(1, rules.FEWEST + 1)]

    @property
    def further_answers(self) -> list[forms.BoundField]:
        """Those that a poll may have."""
        return [self[f"answer_{number}"] for number in range(rules.FEWEST + 1, rules.MOST + 1)]

    @property
    def has_further_answers(self) -> bool:
        """Whether one of these is in use, or refused."""
        return any(field.value() or field.errors for field in self.further_answers)

    @property
    def is_used(self) -> bool:
        return bool(self.value["options"])

    @property
    def is_open(self) -> bool:
        return self.is_bound and (bool(self.errors) or any(field.value() for field in self._answers()))

    @property
    def value(self) -> dict[str, Any]:
        answers = [self.cleaned_data.get(field.name, "") for field in self._answers()]
        return {"options": rules.tidied(answers), "minutes": self.cleaned_data.get("minutes") or _USUAL}

    def clean(self) -> dict[str, Any]:
        value = self.value
        if value["options"] and not self.errors:
            fault = rules.fault_in(value["options"], lasts=timedelta(minutes=value["minutes"]))
            if fault is not None:
                self.add_error(None, str(UnusablePoll(fault=fault)))
        return self.cleaned_data

    def _answers(self) -> list[forms.BoundField]:
        return [*self.first_answers, *self.further_answers]


class Vote(forms.Form):
    """A vote."""

    option = forms.UUIDField(
        error_messages={"required": _("Choose an answer first."), "invalid": _("Choose one of them.")}
    )
