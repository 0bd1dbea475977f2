"""A member's taxes in JSON. Amounts are strings."""

from typing import Any

from rest_framework import serializers

from config.lib.money import CoinsSerializerField
from economy.tax.models import TaxCollection

_RATE: dict[str, Any] = {"max_digits": 5, "decimal_places": 4, "help_text": "Effective rate, 0 to 1."}


class CollectionSerializer(serializers.ModelSerializer):
    """What one week took."""

    period = serializers.CharField(source="run.period", read_only=True, help_text="ISO week, such as 2026-W47.")
    tax = CoinsSerializerField(source="tokens_taxed", read_only=True)
    bracket = serializers.CharField(source="tax_bracket", read_only=True, help_text="Highest bracket reached.")
    rate = serializers.DecimalField(source="tax_rate", read_only=True, **_RATE)
    transfer = serializers.UUIDField(source="transfer_id", read_only=True, allow_null=True)
    collected_at = serializers.DateTimeField(source="created_at", read_only=True)

    class Meta:
        model = TaxCollection
        fields = [
            "period",
            "base",
            "balance_before",
            "tax",
            "balance_after",
            "bracket",
            "rate",
            "transfer",
            "collected_at",
        ]
        read_only_fields = fields


class TaxOutlookSerializer(serializers.Serializer):
    """What the next run would take if nothing moved until the week's end."""

    period = serializers.CharField(source="period.key", help_text="The week that it is for.")
    collected_at = serializers.DateTimeField(source="period.end", help_text="When the week is over.")
    average_so_far = CoinsSerializerField(source="so_far")
    base = CoinsSerializerField(help_text="What would be taxed.")
    set_aside = CoinsSerializerField(help_text="The part of it that waits elsewhere and is still yours: open bounties.")
    tax = CoinsSerializerField(source="takes", help_text="Never more than is available now.")
    bracket = serializers.CharField(source="assessment.bracket")
    rate = serializers.DecimalField(source="assessment.rate", **_RATE)


class TaxesSerializer(serializers.Serializer):
    """The next run's forecast, and what every week took, newest first."""

    forecast = TaxOutlookSerializer()
    total = CoinsSerializerField(help_text="All taxes paid so far.")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = CollectionSerializer(many=True)
