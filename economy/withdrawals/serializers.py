"""Withdrawals in JSON. Amounts and shares are strings; where coins go is told by its ends alone."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.lib.money import CENT, ZERO, CoinsSerializerField
from config.lib.parsing import StrictCharField, StrictSerializer
from economy.withdrawals import rules
from economy.withdrawals.models import WithdrawalRequest


class WithdrawalSerializer(serializers.ModelSerializer):
    """A withdrawal that the member has asked for."""

    where_to = serializers.CharField(read_only=True, help_text="Where it goes, by its ends.")
    reason = serializers.SerializerMethodField(help_text="Why it was rejected; else empty.")

    class Meta:
        model = WithdrawalRequest
        fields = [
            "id",
            "amount",
            "fee",
            "net_amount",
            "tier",
            "fee_rate",
            "method",
            "where_to",
            "status",
            "reason",
            "reference",
            "created_at",
            "reviewed_at",
            "paid_at",
            "cancelled_at",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.CharField())
    def get_reason(self, request: WithdrawalRequest) -> str:
        return request.reason if request.status == WithdrawalRequest.Status.REJECTED else ""


_NETWORKS = f"CRYPTO: {', '.join(rules.ADDRESS_NETWORKS)}."


class WithdrawalDetailsSerializer(StrictSerializer):
    """Where to pay: the fields of the method, and no others."""

    holder = StrictCharField(required=False, max_length=70, help_text="BANK: owner of the account.")
    iban = StrictCharField(required=False, max_length=60, help_text="BANK.")
    bic = StrictCharField(required=False, max_length=11, help_text="BANK; may be left out.")
    email = StrictCharField(required=False, max_length=254, help_text="PAYPAL, and GIFT_CARD: where it is sent.")
    network = StrictCharField(required=False, max_length=20, help_text=_NETWORKS)
    address = StrictCharField(required=False, max_length=100, help_text="CRYPTO.")
    card = serializers.ChoiceField(required=False, choices=rules.GIFT_CARDS, help_text="GIFT_CARD.")


class AskForWithdrawalSerializer(StrictSerializer):
    """Coins to be paid out."""

    amount = CoinsSerializerField(least=CENT, help_text='Coins that leave the wallet, such as "500.00".')
    method = serializers.ChoiceField(choices=WithdrawalRequest.Method.choices, help_text="How it is to be paid.")
    details = WithdrawalDetailsSerializer()
    fee = CoinsSerializerField(
        least=ZERO, required=False, help_text="The fee that the member has seen; a higher one is refused."
    )
