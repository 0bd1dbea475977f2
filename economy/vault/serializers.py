"""The vault in JSON. Amounts are strings."""

from rest_framework import serializers

from config.lib.money import CoinsSerializerField
from economy.vault.models import VaultDeposit


class DepositSerializer(serializers.ModelSerializer):
    """The part of one earning that waits, or has waited."""

    source_transfer = serializers.UUIDField(
        source="source_transfer_id", read_only=True, help_text="The transfer that brought the earning."
    )
    is_unlocked = serializers.SerializerMethodField(help_text="Whether it is free.")

    class Meta:
        model = VaultDeposit
        fields = [
            "id",
            "amount",
            "source_kind",
            "source_transfer",
            "created_at",
            "unlock_at",
            "is_unlocked",
            "unlocked_at",
        ]
        read_only_fields = fields

    def get_is_unlocked(self, deposit: VaultDeposit) -> bool:
        return deposit.unlocked_at is not None


class VaultSerializer(serializers.Serializer):
    """What is locked, what comes free next, and the deposits, newest first."""

    locked = CoinsSerializerField(help_text="Coins that wait in the vault.")
    next_amount = CoinsSerializerField(help_text="What comes free next.")
    next_unlock_at = serializers.DateTimeField(allow_null=True, help_text="When; null when the vault is empty.")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = DepositSerializer(many=True)
