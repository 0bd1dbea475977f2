"""Boosts in JSON."""

from rest_framework import serializers

from config.lib.money import CoinsSerializerField
from config.lib.parsing import StrictSerializer


class BoostPost(StrictSerializer):
    """Nothing to say: the price is BOOST_COST."""


class Boost(serializers.Serializer):
    """A boost of one's post."""

    id = serializers.UUIDField(help_text="Also the id of the transfer.")
    post = serializers.UUIDField(source="post_id")
    amount = CoinsSerializerField()
    created_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
