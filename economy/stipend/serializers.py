"""A member's stipends in JSON. Amounts are strings."""

from typing import Any

from rest_framework import serializers

from config.lib.money import CoinsSerializerField
from economy.stipend.models import StipendDistribution

_SCALE: dict[str, Any] = {"max_digits": 18, "decimal_places": 12, "help_text": "budget / wanted, at most 1."}


class DistributionSerializer(serializers.ModelSerializer):
    """What one week brought."""

    period = serializers.CharField(source="run.period", read_only=True, help_text="ISO week, such as 2026-W47.")
    base = CoinsSerializerField(source="base_stipend", read_only=True)
    engagement = CoinsSerializerField(source="engagement_bonus", read_only=True)
    new_member = CoinsSerializerField(source="new_user_bonus", read_only=True)
    total = CoinsSerializerField(source="total_stipend", read_only=True)
    scale = serializers.DecimalField(source="run.scale", read_only=True, **_SCALE)
    tips = CoinsSerializerField(
        source="tokens_earned_last_week", read_only=True, help_text="Settled tips that counted."
    )
    transfer = serializers.UUIDField(source="transfer_id", read_only=True, allow_null=True)

    class Meta:
        model = StipendDistribution
        fields = [
            "period",
            "wanted_base",
            "wanted_engagement",
            "wanted_new_member",
            "scale",
            "base",
            "engagement",
            "new_member",
            "total",
            "tips",
            "transfer",
            "paid_at",
        ]
        read_only_fields = fields


class StipendOutlookSerializer(serializers.Serializer):
    """What one would want of the next run as things stand; what is paid depends on its budget."""

    period = serializers.CharField(source="period.key", help_text="The week that it is for.")
    paid_at = serializers.DateTimeField(source="period.end", help_text="When the week is over.")
    is_eligible = serializers.BooleanField(help_text="Active, with a verified number, and here in this week.")
    tips = CoinsSerializerField(help_text="Tips settled this week that count so far.")
    base = CoinsSerializerField(source="wanted.base")
    engagement = CoinsSerializerField(source="wanted.engagement")
    new_member = CoinsSerializerField(source="wanted.new_member")
    wanted = CoinsSerializerField(source="wanted.total")
    last_scale = serializers.DecimalField(allow_null=True, **_SCALE)


class StipendsSerializer(serializers.Serializer):
    """The next run's forecast, and what every week brought, newest first."""

    forecast = StipendOutlookSerializer()
    total = CoinsSerializerField(help_text="All stipends received so far.")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = DistributionSerializer(many=True)
