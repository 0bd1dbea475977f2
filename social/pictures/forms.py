"""The composer's part for pictures.

Without scripts it has a file and a description for each; what came with a refused form is kept and named by its id.
With scripts each file is sent by itself, and only ids and descriptions are in the form, in their order.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from social.feed.extras import ExtraForm
from social.pictures.models import Picture
from social.pictures.rules import LONGEST_ALT, MOST

ACCEPTED = "image/jpeg,image/png,image/webp"


class _KeptInput(forms.Widget):
    """Ids and descriptions side by side, as often as there are pictures; those ticked to be dropped are left out."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        if not hasattr(data, "getlist"):
            return data.get(name) or []
        dropped = set(data.getlist(f"{name}_drop"))
        alts = data.getlist(f"{name}_alt")
        ids = data.getlist(name)
        return [
            {"id": pk, "alt": alt}
            for pk, alt in zip(ids, [*alts, *[""] * len(ids)], strict=False)
            if pk and pk not in dropped
        ]


class Kept(forms.Field):
    """Pictures that have been sent before, in their order."""

    widget = _KeptInput

    def clean(self, value: Any) -> list[dict[str, Any]]:
        kept: dict[UUID, dict[str, Any]] = {}
        for given in value or []:
            try:
                pk = UUID(str(given["id"]))
            except ValueError as error:
                raise forms.ValidationError(_("One of these pictures is no longer there. Send it again.")) from error
            alt = forms.CharField(max_length=LONGEST_ALT, required=False).clean(given["alt"])
            kept[pk] = {"id": pk, "alt": alt}
        return list(kept.values())

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


class Pictures(ExtraForm):
    """Up to four pictures."""

    data: Any
    kept = Kept(label=gettext_lazy("Pictures"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rows: list[Picture] | None = None
        for number in range(MOST):
            self.fields[f"file_{number}"] = forms.FileField(
                label=_("Picture %(number)s") % {"number": number + 1},
                required=False,
                widget=forms.FileInput(attrs={"accept": ACCEPTED}),
            )
            self.fields[f"alt_{number}"] = forms.CharField(
                label=_("What is to be seen on it"),
                max_length=LONGEST_ALT,
                required=False,
                widget=forms.TextInput(attrs={"dir": "auto"}),
            )

    @property
    def pictures(self) -> list[Picture]:
        """The member's pictures that the form holds, in their order, with the descriptions as they were typed."""
        if self._rows is None:
            given = self.cleaned_data.get("kept") if self.is_bound else self.initial.get("kept")
            alts = {UUID(str(one["id"])): one["alt"] for one in given or []}
            # One that is in a post already is not refused here: the form may have been sent twice.
            own = Picture.objects.filter(user=self.member, gone_at=None)
            found = own.in_bulk(list(alts)) if alts else {}
            self._rows = [found[pk] for pk in alts if pk in found]
            for row in self._rows:
                row.alt = alts[row.pk]
        return self._rows

    @property
    def slots(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """File and description of each picture that there is still room for."""
        return [(self[f"file_{number}"], self[f"alt_{number}"]) for number in range(MOST - len(self.pictures))]

    @property
    def is_full(self) -> bool:
        """Whether there is room for no more."""
        return len(self.pictures) >= MOST

    def clean(self) -> dict[str, Any]:
        kept = self.cleaned_data.get("kept", [])
        if len(kept) > MOST:
            self.add_error(None, _("A post shows at most %(most)s pictures.") % {"most": MOST})
        elif len(self.pictures) < len(kept):
            self.add_error(None, _("One of these pictures is no longer there. Send it again."))
        return self.cleaned_data

    @property
    def value(self) -> list[dict[str, Any]]:
        return self.cleaned_data["kept"]

    @property
    def is_used(self) -> bool:
        return bool(self.cleaned_data["kept"])

    @property
    def is_open(self) -> bool:
        return bool(self.errors or self.pictures)

    def hold(self, picture: Picture) -> None:
        """Have the form name a picture that has just been taken in."""
        name = self.add_prefix("kept")
        self.data.appendlist(name, str(picture.pk))
        self.data.appendlist(f"{name}_alt", picture.alt)
        self._rows = None


class SendPicture(forms.Form):
    """One picture, sent by a script."""

    picture = forms.FileField(label=gettext_lazy("Picture"))
