"""Members and their pages in JSON."""

import zoneinfo
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.members import models
from config.lib.money import CoinsSerializerField
from config.lib.parsing import StrictCharField, StrictSerializer

EXAMPLE_PAGE = {
    "id": "01936d2e-0b1c-7c3a-9d55-3f1b1a6c0a02",
    "username": "ana",
    "display_name": "Ana Lucia",
    "bio": "I write about bread.",
    "avatar": "",
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
    "preferences": {"language": "en"},
    "pages": [EXAMPLE_PAGE],
}


class PageSerializer(serializers.ModelSerializer):
    """A public page."""

    total_tokens_earned = CoinsSerializerField()

    class Meta:
        model = models.Page
        fields = list(EXAMPLE_PAGE)
        read_only_fields = fields


class PreferencesSerializer(StrictSerializer):
    """What a member prefers; only what is sent changes."""

    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    time_zone = StrictCharField(max_length=50, required=False)
    email_notices = serializers.BooleanField(required=False)
    messages_from = serializers.ChoiceField(choices=["everyone", "followed", "nobody"], required=False)
    on_leaderboards = serializers.BooleanField(required=False)

    def validate_time_zone(self, name: str) -> str:
        if name not in zoneinfo.available_timezones():
            raise serializers.ValidationError(_("This is not the name of a time zone, such as Europe/Lisbon."))
        return name


@extend_schema_serializer(examples=[OpenApiExample("An account", value=EXAMPLE_ACCOUNT, response_only=True)])
class AccountSerializer(serializers.Serializer):
    """A member's own account: what only they see, and their primary page."""

    id = serializers.UUIDField()
    phone_number = serializers.CharField(help_text="E.164.")
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
    social_links = serializers.DictField(child=serializers.URLField(max_length=255), required=False)
    experience = StrictCharField(max_length=50, allow_blank=True, required=False)
    interests = serializers.ListField(child=StrictCharField(max_length=50), max_length=30, required=False)
    preferences = PreferencesSerializer(required=False)

    def validate_social_links(self, links: dict[str, str]) -> dict[str, str]:
        if len(links) > 10 or any(len(name) > 50 for name in links):
            raise serializers.ValidationError(_("At most ten links, each under a name of at most 50 characters."))
        for address in links.values():
            _web_address(address)
        return links

    def validate_website(self, address: str) -> str:
        return _web_address(address)


class PageChangeSerializer(StrictSerializer):
    """What of a page can be changed."""

    display_name = StrictCharField(max_length=100, required=False)
    bio = StrictCharField(max_length=500, allow_blank=True, required=False)


def _web_address(address: str) -> str:
    if address and not address.startswith(("https://", "http://")):
        raise serializers.ValidationError(_("The address must begin with https:// or http://."))
    return address


def account(member: models.User) -> dict[str, Any]:
    """A member's own account as the API shows it."""
    return dict(AccountSerializer(member).data)
