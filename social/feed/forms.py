"""What the feed's pages take in. Forms save nothing: a view hands their contents to one operation.

Each rendered form carries a fresh `key`, so that a double click, a reload or a retry moves coins and writes words once.
"""

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.members.preferences import MOST_STANDING
from config.lib.money import CoinsFormField
from social.feed.rules import LONGEST_COMMENT, LONGEST_POST, LONGEST_TITLE


def redraw(form: forms.BaseForm, **hidden: str) -> None:
    """Have a bound form drawn again as it was sent, but for its hidden fields."""
    form.data = {name: form.data[name] for name in form.data} | hidden


class Words(forms.CharField):
    """Text as it was typed. Browsers send a line's end as two characters; it counts as one here, as it did for them."""

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}), **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return (text or "").replace("\r\n", "\n").strip()


class Keyed(forms.Form):
    """A form that acts once: `key` is made when it is drawn, and anew when it is drawn again after a refusal."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid4())

    @property
    def once(self) -> UUID:
        """The key to act under: the form's own, or a new one when a program left it out."""
        return self.cleaned_data.get("key") or uuid4()

    def refuse(self, refusal: Exception, field: str | None = None) -> None:
        """Put a refusal's sentence on the form; what was typed stays. The next try is a new command."""
        self.add_error(field, str(refusal))
        redraw(self, key=str(uuid4()))


class WritePost(Keyed):
    """A new post."""

    title = forms.CharField(
        label=_("Title"), max_length=LONGEST_TITLE, required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    content = Words(rows=4, label=_("What do you want to say?"), max_length=LONGEST_POST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Browsers count some letters twice and cut what is pasted without a word; the counter says how many are left.
        self.fields["content"].widget.attrs.pop("maxlength", None)


class EditPost(forms.Form):
    """A changed post. `edition` is the one that the writer had before them."""

    title = forms.CharField(
        label=_("Title"), max_length=LONGEST_TITLE, required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    content = Words(rows=8, label=_("Text"), max_length=LONGEST_POST)
    edition = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class WriteComment(Keyed):
    """A comment, on the post itself or in answer to another comment."""

    content = Words(rows=3, label=_("Your comment"), max_length=LONGEST_COMMENT)
    parent = forms.UUIDField(widget=forms.HiddenInput, required=False)


class EditComment(forms.Form):
    """A changed comment."""

    content = Words(rows=5, label=_("Text"), max_length=LONGEST_COMMENT)
    edition = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class RemoveAsStaff(forms.Form):
    """Why a moderator removes what is another's."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Kept with your name. The member may be shown it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class Tip(Keyed):
    """A tip. How small and how large it may be is the operation's to say; the browser is told the same."""

    amount = CoinsFormField(label=_("Amount in coins"))

    def __init__(self, *args: Any, least: Any = None, most: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Half a coin may be typed, though the taps and the slider know whole ones.
        bounds = {"min": least, "max": most}
        self.fields["amount"].widget.attrs.update({name: str(bound) for name, bound in bounds.items() if bound})


class ChooseFeeds(forms.Form):
    """What a member wants of their feeds."""

    least_standing = forms.IntegerField(
        label=_("Least standing of a post, in coins"),
        min_value=0,
        max_value=MOST_STANDING,
        help_text=_("Posts that have received less are left out of Hot, Trending, New and Hidden gems. 0 shows all."),
    )


class UsualTip(forms.Form):
    """What a tip's form begins with; empty for the smallest tip there may be."""

    usual_tip = CoinsFormField(label=_("Amount in coins"), required=False)

    def __init__(self, *args: Any, least: Decimal, most: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bounds = least, most
        self.fields["usual_tip"].widget.attrs.update({"min": str(least), "max": str(most)})

    def clean_usual_tip(self) -> str:
        amount = self.cleaned_data["usual_tip"]
        if amount is None:
            return ""
        least, most = self.bounds
        if not least <= amount <= most:
            raise forms.ValidationError(_("A tip is between %(least)s and %(most)s.") % {"least": least, "most": most})
        return str(amount)
