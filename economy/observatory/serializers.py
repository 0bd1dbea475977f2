"""The economy in JSON. Amounts are strings."""

from rest_framework import serializers

from config.lib.money import CoinsSerializerField
from config.lib.pagination import DEFAULT_SIZE, LARGEST_SIZE
from config.lib.parsing import StrictSerializer
from economy.observatory.models import EconomySnapshot, Leader
from economy.stipend.models import StipendRun
from economy.tax.models import TaxBracket, TaxRun

BOARDS = [(board.value.lower(), board.label) for board in Leader.Board]


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
    as_of = serializers.DateTimeField(help_text="When these figures were added up; anew every minute.")
    jobs = JobTimesSerializer()


class BracketSerializer(serializers.ModelSerializer):
    """One tax bracket."""

    lower = CoinsSerializerField()
    upper = CoinsSerializerField(allow_null=True)
    rate = serializers.DecimalField(max_digits=5, decimal_places=4, help_text="Weekly rate, 0 to 1.")

    class Meta:
        model = TaxBracket
        fields = ["name", "lower", "upper", "rate"]


class LeaderSerializer(serializers.Serializer):
    """One line of a table of members."""

    place = serializers.IntegerField()
    username = serializers.CharField(source="page.username")
    display_name = serializers.CharField(source="page.display_name")
    amount = CoinsSerializerField()


class LeaderboardSerializer(serializers.Serializer):
    """A table of members who let themselves be ranked."""

    board = serializers.ChoiceField(choices=BOARDS)
    as_of = serializers.DateTimeField(allow_null=True, help_text="When the amounts were looked at; null before that.")
    results = LeaderSerializer(many=True)


class LeaderboardQuery(StrictSerializer):
    """Which table, and how much of it."""

    board = serializers.ChoiceField(choices=BOARDS, required=False, default="wallets")
    page_size = serializers.IntegerField(min_value=1, max_value=LARGEST_SIZE, required=False, default=DEFAULT_SIZE)


class TaxOfWeekSerializer(serializers.ModelSerializer):
    """The tax of one week; totals are known when it is complete."""

    is_complete = serializers.SerializerMethodField()
    revenue = CoinsSerializerField(source="total_tax", read_only=True)
    base = CoinsSerializerField(source="total_base", read_only=True)
    by_bracket = serializers.DictField(
        child=serializers.IntegerField(), read_only=True, help_text="Members by the highest bracket reached."
    )
    brackets = BracketSerializer(many=True, read_only=True)

    class Meta:
        model = TaxRun
        fields = [
            "is_complete",
            "basis",
            "members",
            "payers",
            "base",
            "revenue",
            "by_bracket",
            "brackets",
            "finished_at",
        ]
        read_only_fields = fields

    def get_is_complete(self, run: TaxRun) -> bool:
        return run.finished_at is not None


class StipendOfWeekSerializer(serializers.ModelSerializer):
    """The stipend of one week; what was paid is known when it is complete."""

    is_complete = serializers.SerializerMethodField()
    wanted = CoinsSerializerField(source="total_wanted", read_only=True)
    paid = CoinsSerializerField(source="total_paid", read_only=True)
    base = CoinsSerializerField(source="total_base", read_only=True)
    engagement = CoinsSerializerField(source="total_engagement", read_only=True)
    new_member = CoinsSerializerField(source="total_new_member", read_only=True)

    class Meta:
        model = StipendRun
        fields = [
            "is_complete",
            "members",
            "treasury_before",
            "budget",
            "wanted",
            "scale",
            "paid",
            "base",
            "engagement",
            "new_member",
            "finished_at",
        ]
        read_only_fields = fields

    def get_is_complete(self, run: StipendRun) -> bool:
        return run.finished_at is not None


class WeekSerializer(serializers.Serializer):
    """The runs of one week; null what has not begun."""

    period = serializers.CharField(source="period.key", help_text="ISO week, such as 2026-W47.")
    tax = TaxOfWeekSerializer(allow_null=True)
    stipend = StipendOfWeekSerializer(allow_null=True)


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
            "tax",
            "stipend",
        ]
