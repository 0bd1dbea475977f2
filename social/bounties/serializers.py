"""Bounties in JSON."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from config.lib.money import CENT, CoinsSerializerField
from config.lib.parsing import KeptMoment, StrictSerializer
from social.bounties import rules

STATES = ("open", "awarded", "returned")


class OfferBounty(StrictSerializer):
    """A bounty that a new post promises, from BOUNTY_MIN to BOUNTY_MAX and GIFT_DAILY_MAX at most."""

    amount = CoinsSerializerField(least=CENT)
    days = serializers.IntegerField(
        min_value=rules.SHORTEST.days,
        max_value=rules.LONGEST.days,
        required=False,
        default=rules.USUAL.days,
        help_text="How long it waits for an answer to be chosen; then the coins go back.",
    )


class ShownBounty(serializers.Serializer):
    """The bounty of a post."""

    amount = CoinsSerializerField()
    ends_at = KeptMoment(help_text="Until when an answer can be chosen.")
    state = serializers.ChoiceField(choices=STATES)
    comment = serializers.UUIDField(allow_null=True, help_text="The chosen answer.")


class Bounty(serializers.Serializer):
    """A bounty and what became of it."""

    id = serializers.UUIDField(help_text="Also the id of the transfer that put the coins in.")
    post = serializers.UUIDField(source="post_id")
    amount = CoinsSerializerField()
    ends_at = serializers.DateTimeField()
    comment = serializers.UUIDField(source="comment_id", allow_null=True)
    awarded_at = serializers.DateTimeField(allow_null=True)
    returned_at = serializers.DateTimeField(allow_null=True)


@extend_schema_serializer(
    examples=[OpenApiExample("The best answer", {"comment": "019a0000-0000-7000-8000-000000000000"}, request_only=True)]
)
class AwardBounty(StrictSerializer):
    """The best answer to one's post."""

    comment = serializers.UUIDField()
