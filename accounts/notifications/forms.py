"""What the page of choices takes in. It saves nothing."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.members.preferences import TIME_OF_DAY
from accounts.notifications import kinds

_EMAIL = (("off", _("no e-mail")), ("now", _("e-mail at once")), ("digest", _("e-mail digest")))
_DIGEST = (("daily", _("every day")), ("weekly", _("every Monday")), ("off", _("never")))


class TimeOfDay(forms.CharField):
    """An hour and minute such as 22:00, or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=5, required=False, widget=forms.TimeInput(attrs={"type": "time"}), **kwargs)

    def clean(self, value: Any) -> str:
        kept = super().clean(value)
        if kept and TIME_OF_DAY.fullmatch(kept) is None:
            raise ValidationError(_("Write hours and minutes, such as 22:00."))
        return kept


class ChooseNotices(forms.Form):
    """Where each kind of notice goes, and when e-mails come. The kinds are those that the apps have registered."""

    email_notices = forms.BooleanField(label=_("Send me e-mails about what happens here"), required=False)
    digest = forms.ChoiceField(
        label=_("The digest comes"),
        choices=_DIGEST,
        help_text=_("In the morning of your time zone, and only with what you have not read."),
    )
    quiet_from = TimeOfDay(label=_("Quiet from"))
    quiet_to = TimeOfDay(label=_("Quiet until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = [kind for kind in kinds.registered() if kind.is_chosen]
        for kind in self.kinds:
            if not kind.is_always_shown:
                self.fields[f"site:{kind.name}"] = forms.BooleanField(label=_("On the site"), required=False)
                self.fields[f"email:{kind.name}"] = forms.ChoiceField(label=_("By e-mail"), choices=_EMAIL)

    @staticmethod
    def of(preferences: Mapping[str, Any]) -> dict[str, Any]:
        """What the form shows for these preferences."""
        shown = {name: preferences[name] for name in ("email_notices", "digest", "quiet_from", "quiet_to")}
        for kind in kinds.registered():
            shown[f"site:{kind.name}"] = kinds.is_shown(kind, preferences)
            shown[f"email:{kind.name}"] = preferences["notices"].get(kind.name, {}).get("email", kind.email)
        return shown

    def rows(self) -> list[dict[str, Any]]:
        """For each kind its two fields; none for those of which there is no choice."""
        return [
            {"kind": kind}
            if kind.is_always_shown
            else {"kind": kind, "site": self[f"site:{kind.name}"], "email": self[f"email:{kind.name}"]}
            for kind in self.kinds
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if bool(found.get("quiet_from")) != bool(found.get("quiet_to")):
            missing = "quiet_to" if found.get("quiet_from") else "quiet_from"
            if missing not in self.errors:
                self.add_error(missing, _("Quiet hours have a beginning and an end; leave both empty for none."))
        elif found.get("quiet_from") and found["quiet_from"] == found["quiet_to"]:
            self.add_error("quiet_to", _("This is the hour at which they begin."))
        return found

    def preferences(self) -> dict[str, Any]:
        """What was chosen, as `set_preferences` takes it. What is as every kind has it by default is chosen too."""
        found = self.cleaned_data
        notices = {
            kind.name: {"site": found[f"site:{kind.name}"], "email": found[f"email:{kind.name}"]}
            for kind in self.kinds
            if not kind.is_always_shown
        }
        return {
            **{name: found[name] for name in ("email_notices", "digest", "quiet_from", "quiet_to")},
            "notices": notices,
        }
