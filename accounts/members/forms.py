"""What the pages about oneself take in. Forms save nothing: a view hands their contents to one operation."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from accounts.members import preferences, rules
from accounts.members.models import Page, Profile, User

_HTTP = URLValidator(
    schemes=["http", "https"], message=_("This is not a web address. Write it like https://example.org/.")
)
_HANDLE = {"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}


class Words(forms.CharField):
    """Text of several lines. Browsers send a line's end as two characters; it counts as one, as it did for them."""

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}), **kwargs)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").strip()


class UsernameField(forms.CharField):
    """A username as people type it: an @ before it and capitals are forgiven."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Username"))
        super().__init__(max_length=31, widget=forms.TextInput(attrs=_HANDLE), **kwargs)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").removeprefix("@").lower()


class EditProfile(forms.Form):
    """What a member tells of themselves."""

    location = forms.CharField(label=_("Where you are"), max_length=100, required=False)
    website = forms.CharField(
        label=_("Website"), max_length=255, required=False, widget=forms.URLInput, validators=[_HTTP]
    )
    twitter = forms.CharField(label=_("Name on Twitter"), max_length=50, required=False)
    discord = forms.CharField(label=_("Name on Discord"), max_length=50, required=False)
    telegram = forms.CharField(label=_("Name on Telegram"), max_length=50, required=False)
    social_links = Words(
        rows=3,
        label=_("Further links"),
        max_length=4000,
        required=False,
        help_text=_("One in each line, its name first: Blog https://example.org"),
    )
    experience = forms.CharField(
        label=_("Experience"), max_length=50, required=False, help_text=_("In your words, such as: ten years a baker")
    )
    interests = forms.CharField(
        label=_("Interests"), max_length=2000, required=False, help_text=_("With commas between: bread, trains")
    )
    first_name = forms.CharField(
        label=_("Given name"), max_length=100, required=False, help_text=_("Never shown to others.")
    )
    last_name = forms.CharField(
        label=_("Family name"), max_length=100, required=False, help_text=_("Never shown to others.")
    )

    @classmethod
    def of(cls, member: User, profile: Profile) -> dict[str, Any]:
        """What the form shows at first."""
        plain = ("location", "website", "twitter", "discord", "telegram", "experience")
        return {
            **{name: getattr(profile, name) for name in plain},
            "social_links": "\n".join(f"{name} {address}" for name, address in profile.social_links.items()),
            "interests": ", ".join(profile.interests),
            "first_name": member.first_name,
            "last_name": member.last_name,
        }

    def clean_twitter(self) -> str:
        return self.cleaned_data["twitter"].removeprefix("@")

    def clean_telegram(self) -> str:
        return self.cleaned_data["telegram"].removeprefix("@")

    def clean_social_links(self) -> dict[str, str]:
        links = {}
        for line in self.cleaned_data["social_links"].splitlines():
            if not line.strip():
                continue
            name, _space, address = line.strip().rpartition(" ")
            name = name.strip().removesuffix(":")
            try:
                _HTTP(address)
            except ValidationError as error:
                raise ValidationError(
                    _("“%(line)s” is not a name and an address that begins with https://."),
                    params={"line": line[:80]},
                ) from error
            if len(address) > rules.LONGEST_LINK:
                raise ValidationError(_("An address has at most %(most)s characters."), params={"most": 255})
            links[name or address[: rules.LONGEST_LINK_NAME]] = address
        if len(links) > rules.MOST_LINKS or any(len(name) > rules.LONGEST_LINK_NAME for name in links):
            raise ValidationError(_("At most ten links, each under a name of at most 50 characters."))
        return links

    def clean_interests(self) -> list[str]:
        words = (word.strip() for word in self.cleaned_data["interests"].split(","))
        interests = list(dict.fromkeys(word for word in words if word))
        if len(interests) > rules.MOST_INTERESTS or any(len(word) > rules.LONGEST_INTEREST for word in interests):
            raise ValidationError(_("At most thirty interests of at most 50 characters each."))
        return interests


class ChooseLanguage(forms.Form):
    """The language and the time zone of what a member sees."""

    language = forms.ChoiceField(label=_("Language"), required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Times, quiet hours and digests follow it."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("as my browser asks")), *settings.LANGUAGES]  # type: ignore[attr-defined]
        self.fields["time_zone"].choices = _zones()  # type: ignore[attr-defined]


def _zones() -> list[Any]:
    """Time zones by part of the world; the old short names are left out."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(preferences.time_zones()):
        area, _slash, place = name.partition("/")
        if place and area not in ("Etc", "SystemV", "US", "posix", "right"):
            found.setdefault(area, []).append((name, place.replace("_", " ").replace("/", ", ")))
    return [("UTC", "UTC"), *found.items()]


class EditPage(forms.Form):
    """How a page presents itself."""

    display_name = forms.CharField(label=_("Name"), max_length=100, widget=forms.TextInput(attrs={"dir": "auto"}))
    bio = Words(rows=4, label=_("About"), max_length=500, required=False, help_text=_("Up to 500 characters."))


class OpenPage(EditPage):
    """A further page."""

    username = UsernameField(help_text=_("3 to 30 of a–z, 0–9 and underscore. It is part of the page's address."))
    field_order = ("username", "display_name", "bio")


class ChangeUsername(forms.Form):
    """Another name for a page."""

    username = UsernameField(label=_("New username"), help_text=_("3 to 30 of a–z, 0–9 and underscore."))


class SetPicture(forms.Form):
    """A picture for a page."""

    picture = forms.FileField(
        label=_("File"),
        help_text=_("JPEG, PNG or WebP, at most 5 MB. It is cut to a square; notes of your camera are removed."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )


class Privacy(forms.Form):
    """Who reaches a member, and what is shown of them."""

    messages_from = forms.ChoiceField(
        label=_("Who may write me messages"),
        choices=[("everyone", _("everyone")), ("followed", _("whom I follow")), ("nobody", _("nobody"))],
        widget=forms.RadioSelect,
    )
    on_leaderboards = forms.BooleanField(label=_("Show me in tables of members"), required=False)
    hide_balance = forms.BooleanField(
        label=_("Hide what I have earned"),
        required=False,
        help_text=_("The coins you earned are not shown on your pages, and you are in no table."),
    )
    show_addresses = forms.BooleanField(
        label=_("Show my verified addresses"), required=False, help_text=_("On your first page, for everyone.")
    )

    @classmethod
    def of(cls, chosen: dict[str, Any]) -> dict[str, Any]:
        return {name: chosen[name] for name in cls.base_fields}


class MuteWord(forms.Form):
    """A word or phrase that is not to be met."""

    word = forms.CharField(label=_("Word or phrase"), max_length=rules.LONGEST_WORD)


def page_form(page: Page) -> EditPage:
    return EditPage(initial={"display_name": page.display_name, "bio": page.bio})
