"""Rewards in JSON. Amounts are strings."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.lib.money import CoinsSerializerField
from economy.rewards import queries
from economy.rewards.models import Reward, RewardRule


class RewardRuleSerializer(serializers.ModelSerializer):
    """What the treasury pays for something that members do. null is no cap."""

    amount = CoinsSerializerField()
    daily_cap = CoinsSerializerField(allow_null=True)
    weekly_cap = CoinsSerializerField(allow_null=True)

    class Meta:
        model = RewardRule
        fields = ["slug", "trigger", "amount", "daily_cap", "weekly_cap", "minimum_length", "cool_down_minutes"]


class RewardSerializer(serializers.ModelSerializer):
    """One reward of the caller. `why` says in words what it was for, or why it was not paid."""

    rule = serializers.CharField(source="rule.slug")
    amount = CoinsSerializerField()
    taken_back = CoinsSerializerField()
    why = serializers.SerializerMethodField()

    class Meta:
        model = Reward
        fields = [
            *("id", "rule", "cause_type", "cause_id", "happened_at", "amount", "status", "skipped_for", "why"),
            *("transfer_id", "paid_at", "taken_back_at", "taken_back"),
        ]

    @extend_schema_field(str)
    def get_why(self, reward: Reward) -> str:
        return queries.why(reward)
