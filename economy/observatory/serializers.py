"""The economy in JSON. Amounts are strings."""

from rest_framework import serializers

from config.lib.money import CoinsSerializerField
from economy.observatory.models import EconomySnapshot
from economy.tax.models import TaxBracket


class JobTimesSerializer(serializers.Serializer):
    """When each job last completed; null for never."""

    last_tax_collection_at = serializers.DateTimeField(allow_null=True)
    last_stipend_distribution_at = serializers.DateTimeField(allow_null=True)
    last_decay_run_at = serializers.DateTimeField(allow_null=True)
    last_queue_update_at = serializers.DateTimeField(allow_null=True)
    last_settlement_at = serializers.DateTimeField(allow_null=True)
    last_analytics_update_at = serializers.DateTimeField(allow_null=True)


class StateSerializer(serializers.Serializer):
    """The economy now. in_wallets + on_content + in_orders + treasury + burned + paid_out = ever_created."""

    in_wallets = CoinsSerializerField()
    on_content = CoinsSerializerField()
    in_orders = CoinsSerializerField()
    treasury = CoinsSerializerField()
    burned = CoinsSerializerField()
    paid_out = CoinsSerializerField()
    ever_created = CoinsSerializerField()
    supply = CoinsSerializerField(help_text="Coins that are neither burned nor paid out.")
    members = serializers.IntegerField()
    active_today = serializers.IntegerField()
    posts = serializers.IntegerField()
    comments = serializers.IntegerField()
    jobs = JobTimesSerializer()


class BracketSerializer(serializers.ModelSerializer):
    """One tax bracket."""

    lower = CoinsSerializerField()
    upper = CoinsSerializerField(allow_null=True)
    rate = serializers.DecimalField(max_digits=5, decimal_places=4, help_text="Weekly rate, 0 to 1.")

    class Meta:
        model = TaxBracket
        fields = ["name", "lower", "upper", "rate"]


class SnapshotSerializer(serializers.ModelSerializer):
    """The figures at the end of one UTC day."""

    class Meta:
        model = EconomySnapshot
        fields = [
            "day",
            "in_wallets",
            "on_content",
            "in_orders",
            "treasury",
            "burned",
            "paid_out",
            "ever_created",
            "members",
            "active_today",
            "posts",
            "comments",
            "gini",
            "moved",
        ]
