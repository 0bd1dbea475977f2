"""The wallet, its lines and gifts in JSON. Amounts are strings."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.members.models import Page
from accounts.members.queries import named_page
from accounts.wallets.models import Wallet
from config.lib.money import CENT, CoinsSerializerField
from config.lib.parsing import StrictCharField, StrictSerializer
from config.lib.periods import span_of
from economy.ledger.models import Posting, TransferKind
from economy.ledger.queries import pending_for


class WalletSerializer(serializers.ModelSerializer):
    """A member's own wallet."""

    available = CoinsSerializerField(read_only=True, help_text="What can be spent now.")
    pending = serializers.SerializerMethodField(help_text="Coins that are on their way to the member.")

    class Meta:
        model = Wallet
        fields = [
            "balance",
            "locked_balance",
            "available",
            "pending",
            "lock_version",
            "loyalty_tier",
            "withdrawal_fee",
            "total_earned",
            "total_spent",
            "total_tax_paid",
            "total_stipend_received",
            "last_activity",
        ]
        read_only_fields = fields

    @extend_schema_field(CoinsSerializerField)
    def get_pending(self, wallet: Wallet) -> str:
        return str(pending_for(wallet.user))


class CauseSerializer(serializers.Serializer):
    """What caused a movement."""

    label = serializers.CharField()  # type: ignore[assignment]  # the name that it has in JSON
    url = serializers.URLField(allow_null=True, help_text="Its page; null when it is gone.")


class PostingSerializer(serializers.ModelSerializer):
    """One line of a statement."""

    transfer = serializers.UUIDField(source="transfer_id", read_only=True)
    description = serializers.CharField(source="transfer.description", read_only=True)
    channel = serializers.CharField(source="transfer.channel", read_only=True)
    reference_type = serializers.CharField(source="transfer.reference_type", read_only=True)
    reference_id = serializers.UUIDField(source="transfer.reference_id", read_only=True, allow_null=True)
    counterparty = serializers.SerializerMethodField(help_text="Username on the other side, if there is one.")
    cause = serializers.SerializerMethodField(help_text="What caused it, and its page; null when there is none.")

    class Meta:
        model = Posting
        fields = [
            "id",
            "transfer",
            "kind",
            "amount",
            "balance_before",
            "balance_after",
            "lock_version",
            "counterparty",
            "description",
            "channel",
            "reference_type",
            "reference_id",
            "cause",
            "created_at",
        ]
        read_only_fields = fields

    @extend_schema_field(CauseSerializer(allow_null=True))
    def get_cause(self, posting: Posting) -> dict[str, Any] | None:
        cause = self.context.get("causes", {}).get(posting.transfer_id)
        if cause is None:
            return None
        request = self.context.get("request")
        url = request.build_absolute_uri(cause.url) if request and cause.url else None
        return {"label": cause.label, "url": url}

    def get_counterparty(self, posting: Posting) -> str | None:
        page = self.context.get("counterparties", {}).get(posting.transfer_id)
        return page.username if page else None


class GiftSerializer(StrictSerializer):
    """Coins for another member."""

    to = StrictCharField(max_length=31, help_text="Username of the receiver.")
    amount = CoinsSerializerField(least=CENT, help_text='Coins, such as "3.50".')
    memo = StrictCharField(max_length=200, required=False, allow_blank=True, default="")

    def validate_to(self, value: str) -> str:
        return value.removeprefix("@").lower()


class GivenSerializer(serializers.Serializer):
    """A gift that was made."""

    id = serializers.UUIDField(help_text="The transfer.")
    to = serializers.CharField()
    amount = CoinsSerializerField()
    memo = serializers.CharField(allow_blank=True)
    balance_after = CoinsSerializerField(help_text="What the giver has now.")


class StatementQuery(StrictSerializer):
    """Filters of a statement."""

    kind = serializers.ChoiceField(choices=TransferKind.choices, required=False)
    counterparty = StrictCharField(max_length=31, required=False, help_text="Username on the other side.")
    period = StrictCharField(
        max_length=8, required=False, help_text="A year, a month or an ISO week: 2026, 2026-11, 2026-W47."
    )
    to = serializers.DateTimeField(required=False, help_text="Until (not included), ISO 8601.")

    def get_fields(self) -> dict[str, Any]:
        # "from" is a word of Python, so the field is named here.
        fields = super().get_fields()
        fields["from"] = serializers.DateTimeField(required=False, help_text="Since (included), ISO 8601.")
        return fields

    def validate_counterparty(self, value: str) -> Page:
        page = named_page(value.removeprefix("@"))
        if page is None:
            raise serializers.ValidationError(_("There is no member of that name."))
        return page

    def validate_period(self, value: str) -> tuple[datetime, datetime]:
        try:
            return span_of(value)
        except ValueError:
            raise serializers.ValidationError(_("Write a year, a month or an ISO week: 2026, 2026-11, 2026-W47."))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "period" in attrs:
            if "from" in attrs or "to" in attrs:
                raise serializers.ValidationError({"period": [_("Give either a period or its ends.")]})
            attrs["from"], attrs["to"] = attrs["period"]
        if "from" in attrs and "to" in attrs and attrs["from"] > attrs["to"]:
            raise serializers.ValidationError({"to": [_("This is before the beginning.")]})
        return attrs
