"""What the composer says of drafts."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.members.models import User
from social.drafts.models import Draft
from social.feed import extras
from social.feed.extras import ExtraForm
from social.feed.forms import Words
from social.feed.rules import LONGEST_POST, LONGEST_TITLE


class FromDraft(ExtraForm):
    """The hidden part of the composer that names the draft whose words stand in it."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def clean_id(self) -> UUID | None:
        """None when the draft is gone, so that words outlive it."""
        pk = self.cleaned_data["id"]
        return pk if pk and Draft.objects.filter(pk=pk, user=self.member).exists() else None

    @property
    def value(self) -> UUID:
        return self.cleaned_data["id"]

    @property
    def is_used(self) -> bool:
        return self.cleaned_data.get("id") is not None


class KeepDraft(forms.Form):
    """The words of the composer, which may be unfinished."""

    key = forms.UUIDField(required=False)
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE, required=False)
    content = Words(rows=4, label=_("What do you want to say?"), max_length=LONGEST_POST, required=False)


def parts_as_kept(draft: Draft) -> list[ExtraForm]:
    """The composer's parts as they stood when the draft was kept; nothing in them is judged yet."""
    member: User = draft.user
    kept = QueryDict(mutable=True)
    for name, values in draft.rest.items():
        kept.setlist(name, values)
    initial: dict[str, dict[str, Any]] = {}
    for part in extras.parts_of(member=member, data=kept):
        read = {
            name: field.widget.value_from_datadict(kept, {}, part.add_prefix(name))
            for name, field in part.fields.items()
        }
        initial[str(part.prefix)] = {name: value for name, value in read.items() if value}
    initial["pictures"] = {"kept": [{"id": picture.pk, "alt": picture.alt} for picture in draft.pictures.all()]}
    initial["draft"] = {"id": draft.pk}
    return extras.parts_of(member=member, initial=initial)
