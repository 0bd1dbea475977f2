"""Members and their pages in JSON."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.members import models, preferences, rules
from config.lib.money import CoinsSerializerField
from config.lib.parsing import StrictCharField, StrictSerializer

EXAMPLE_PAGE = {
    "id": "01936d2e-0b1c-7c3a-9d55-3f1b1a6c0a02",
    "username": "ana",
    "display_name": "Ana Lucia",
    "bio": "I write about bread.",
    "avatar": "/media/avatars/0193f2ab1b1c4c3a9d553f1b1a6c0a02-256.webp",
    "is_primary": True,
    "followers_count": 12,
    "posts_count": 3,
    "total_tokens_earned": "24.60",
    "created_at": "2026-11-21T03:40:00Z",
}
EXAMPLE_ACCOUNT = {
    "id": "01936d2e-0b1c-7c3a-9d55-3f1b1a6c0a01",
    "phone_number": "+447700900123",
    "email": None,
    "email_verified": False,
    "first_name": "",
    "last_name": "",
    "role": "USER",
    "status": "ACTIVE",
    "is_early_adopter": True,
    "created_at": "2026-11-21T03:40:00Z",
    "username": "ana",
    "display_name": "Ana Lucia",
    "bio": "I write about bread.",
    "location": "Porto",
    "website": "",
    "twitter": "",
    "discord": "",
    "telegram": "",
    "social_links": {},
    "experience": "",
    "interests": ["bread"],
    "preferences": {**preferences.DEFAULTS, "language": "en"},
    "pages": [EXAMPLE_PAGE],
}


class PageSerializer(serializers.ModelSerializer):
    """A public page."""

    avatar = serializers.SerializerMethodField(help_text="Where the picture is; empty without one.")
    total_tokens_earned = serializers.SerializerMethodField(
        help_text="Coins from settled tips; null when its member does not show them."
    )

    class Meta:
        model = models.Page
        fields = list(EXAMPLE_PAGE)
        read_only_fields = fields

    def get_avatar(self, page: models.Page) -> str:
        return page.picture_url(256)

    @extend_schema_field(CoinsSerializerField(allow_null=True))
    def get_total_tokens_earned(self, page: models.Page) -> str | None:
        if page.pk in self.context.get("hides_coins", ()):
            return None
        return CoinsSerializerField().to_representation(page.total_tokens_earned)


class NoticeChoiceSerializer(StrictSerializer):
    """Where one kind of notice goes."""

    site = serializers.BooleanField(required=False)
    email = serializers.ChoiceField(choices=preferences.EMAILS, required=False)


class PreferencesSerializer(StrictSerializer):
    """What a member prefers; only what is sent changes. What was never chosen is shown with its default."""

    language = serializers.ChoiceField(
        choices=settings.LANGUAGES, required=False, allow_blank=True, help_text="Empty: as the browser asks."
    )
    time_zone = StrictCharField(max_length=50, required=False, help_text="A name such as Europe/Lisbon.")
    messages_from = serializers.ChoiceField(choices=preferences.MESSAGES_FROM, required=False)
    on_leaderboards = serializers.BooleanField(required=False)
    hide_balance = serializers.BooleanField(
        required=False, help_text="Coins earned are not shown on one's pages, nor in any table."
    )
    show_addresses = serializers.BooleanField(
        required=False, help_text="Verified addresses are shown on one's first page."
    )
    least_standing = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=preferences.MOST_STANDING,
        help_text="Coins that a post must have received to be in one's feeds, Following aside.",
    )
    email_notices = serializers.BooleanField(required=False, help_text="Whether any notice goes out by e-mail.")
    digest = serializers.ChoiceField(choices=preferences.DIGESTS, required=False)
    quiet_from = StrictCharField(max_length=5, required=False, allow_blank=True, help_text="Such as 22:00; or empty.")
    quiet_to = StrictCharField(max_length=5, required=False, allow_blank=True, help_text="Such as 07:00; or empty.")
    notices = serializers.DictField(
        child=NoticeChoiceSerializer(), required=False, help_text="By kind of notice; others have their kind's default."
    )

    def validate(self, chosen: dict[str, Any]) -> dict[str, Any]:
        languages = tuple(code for code, _name in settings.LANGUAGES)
        faults = {
            name: [_FAULTS.get(name, _("This cannot be chosen."))]
            for name, value in chosen.items()
            if preferences.fault_of(name, value, languages=languages)
        }
        if faults:
            raise serializers.ValidationError(faults)
        return chosen

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return preferences.complete(instance)


_FAULTS = {
    "time_zone": _("This is not the name of a time zone, such as Europe/Lisbon."),
    "quiet_from": _("Write a time of day such as 22:00, or nothing."),
    "quiet_to": _("Write a time of day such as 07:00, or nothing."),
    "notices": _("Name at most a hundred kinds of notices."),
}


@extend_schema_serializer(examples=[OpenApiExample("An account", value=EXAMPLE_ACCOUNT, response_only=True)])
class AccountSerializer(serializers.Serializer):
    """A member's own account: what only they see, and their primary page."""

    id = serializers.UUIDField()
    phone_number = serializers.CharField(allow_null=True, help_text="E.164; null once staff have freed the number.")
    email = serializers.EmailField(allow_null=True)
    email_verified = serializers.BooleanField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    role = serializers.ChoiceField(choices=models.User.Role.choices)
    status = serializers.ChoiceField(choices=models.User.Status.choices)
    is_early_adopter = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    username = serializers.CharField(source="primary_page.username")
    display_name = serializers.CharField(source="primary_page.display_name")
    bio = serializers.CharField(source="primary_page.bio")
    location = serializers.CharField(source="profile.location")
    website = serializers.CharField(source="profile.website")
    twitter = serializers.CharField(source="profile.twitter")
    discord = serializers.CharField(source="profile.discord")
    telegram = serializers.CharField(source="profile.telegram")
    social_links = serializers.DictField(child=serializers.CharField(), source="profile.social_links")
    experience = serializers.CharField(source="profile.experience")
    interests = serializers.ListField(child=serializers.CharField(), source="profile.interests")
    preferences = PreferencesSerializer(source="profile.preferences")
    pages = PageSerializer(many=True)


class AccountChangeSerializer(StrictSerializer):
    """What of an account can be changed here. Balance, role, number and names in addresses are not among it."""

    first_name = StrictCharField(max_length=100, allow_blank=True, required=False)
    last_name = StrictCharField(max_length=100, allow_blank=True, required=False)
    display_name = StrictCharField(max_length=100, required=False)
    bio = StrictCharField(max_length=500, allow_blank=True, required=False)
    location = StrictCharField(max_length=100, allow_blank=True, required=False)
    website = serializers.URLField(max_length=255, allow_blank=True, required=False)
    twitter = StrictCharField(max_length=50, allow_blank=True, required=False)
    discord = StrictCharField(max_length=50, allow_blank=True, required=False)
    telegram = StrictCharField(max_length=50, allow_blank=True, required=False)
    social_links = serializers.DictField(child=serializers.URLField(max_length=rules.LONGEST_LINK), required=False)
    experience = StrictCharField(max_length=50, allow_blank=True, required=False)
    interests = serializers.ListField(
        child=StrictCharField(max_length=rules.LONGEST_INTEREST), max_length=rules.MOST_INTERESTS, required=False
    )
    preferences = PreferencesSerializer(required=False)

    def validate_social_links(self, links: dict[str, str]) -> dict[str, str]:
        if len(links) > rules.MOST_LINKS or any(len(name) > rules.LONGEST_LINK_NAME for name in links):
            raise serializers.ValidationError(_("At most ten links, each under a name of at most 50 characters."))
        for address in links.values():
            _web_address(address)
        return links

    def validate_website(self, address: str) -> str:
        return _web_address(address)


class OpenPageSerializer(StrictSerializer):
    """A further page."""

    username = StrictCharField(max_length=30, help_text="3 to 30 of a–z, 0–9 and underscore.")
    display_name = StrictCharField(max_length=100)
    bio = StrictCharField(max_length=500, allow_blank=True, required=False)


class PictureSerializer(serializers.Serializer):
    """A picture as a form sends it."""

    picture = serializers.FileField(help_text="JPEG, PNG or WebP; at most 5 MiB and 25 megapixels.")


class BlockedSerializer(serializers.Serializer):
    """A page that is blocked or muted, and since when."""

    username = serializers.CharField(source="page.username")
    display_name = serializers.CharField(source="page.display_name")
    since = serializers.DateTimeField(source="created_at")


class MutedWordSerializer(StrictSerializer):
    """A word or phrase that one does not want to meet."""

    id = serializers.UUIDField(read_only=True)
    word = StrictCharField(max_length=50)
    since = serializers.DateTimeField(source="created_at", read_only=True)


class PageChangeSerializer(StrictSerializer):
    """What of a page can be changed. Its old username leads to it for FORMER_NAME_DAYS."""

    username = StrictCharField(max_length=30, required=False)
    display_name = StrictCharField(max_length=100, required=False)
    bio = StrictCharField(max_length=500, allow_blank=True, required=False)


def _web_address(address: str) -> str:
    if address and not address.startswith(("https://", "http://")):
        raise serializers.ValidationError(_("The address must begin with https:// or http://."))
    return address


def account(member: models.User) -> dict[str, Any]:
    """A member's own account as the API shows it."""
    return dict(AccountSerializer(member).data)
