"""Polls in JSON."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from config.lib.parsing import KeptMoment, StrictCharField, StrictSerializer
from social.polls import rules


def _minutes(span: object) -> int:
    return int(span.total_seconds() // 60)  # type: ignore[attr-defined]


class AskPoll(StrictSerializer):
    """A poll that a new post asks."""

    options = serializers.ListField(
        child=StrictCharField(max_length=rules.LONGEST_ANSWER),
        min_length=rules.FEWEST,
        max_length=rules.MOST,
        help_text="The answers, no two the same.",
    )
    minutes = serializers.IntegerField(
        min_value=_minutes(rules.SHORTEST), max_value=_minutes(rules.LONGEST), help_text="How long it lasts."
    )


class ShownOption(serializers.Serializer):
    """An answer, with its votes once the poll is closed."""

    id = serializers.UUIDField()
    text = serializers.CharField()
    votes = serializers.IntegerField(allow_null=True)
    share = serializers.FloatField(allow_null=True, help_text="Its part of all votes, from 0 to 1.")


class ShownPoll(serializers.Serializer):
    """The poll of a post. Its votes are null until it is closed; GET posts/{id}/poll tells those who have voted."""

    ends_at = KeptMoment()
    voters = serializers.IntegerField(allow_null=True)
    options = ShownOption(many=True)


class TallyOption(ShownOption):
    """An answer, with its votes where the caller may know them."""

    is_own = serializers.BooleanField(help_text="Whether the caller's vote is for it.")


class Tally(serializers.Serializer):
    """A poll as it stands for the caller: votes are null until they have voted or it is over."""

    ends_at = serializers.DateTimeField()
    is_over = serializers.BooleanField()
    voters = serializers.IntegerField()
    options = TallyOption(many=True)


@extend_schema_serializer(
    examples=[OpenApiExample("A vote", {"option": "019a0000-0000-7000-8000-000000000000"}, request_only=True)]
)
class Vote(StrictSerializer):
    """A vote for one of the answers."""

    option = serializers.UUIDField()
