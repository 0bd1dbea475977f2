"""Co-authors in JSON. Shares are whole percents of what the post's creator gets of a tip."""

from rest_framework import serializers

from config.lib.parsing import StrictCharField, StrictSerializer
from social.coauthors import models, rules
from social.feed.serializers import Author


class AskCoAuthor(StrictSerializer):
    """Who is to share in the tips of a new post."""

    username = StrictCharField(max_length=31)
    percent = serializers.IntegerField(min_value=rules.LEAST_PERCENT, max_value=rules.MOST_PERCENT_TOGETHER)


class Shared(serializers.Serializer):
    """How many share in a post's tips, and how much; who they are says `posts/{id}/coauthors`."""

    agreed = serializers.IntegerField(help_text="Those who have said yes.")
    percent = serializers.IntegerField(help_text="Of the creator's share, all of theirs together.")
    asked = serializers.IntegerField(help_text="Those who have not answered.")


class CoAuthor(serializers.Serializer):
    """A co-author, or someone who is asked to be one."""

    page = Author()
    percent = serializers.SerializerMethodField(help_text="Of the creator's share of each tip.")
    answer = serializers.SerializerMethodField(help_text="waiting, yes or no; others than those asked see yes alone.")
    answered_at = serializers.DateTimeField(allow_null=True)

    def get_percent(self, row: models.CoAuthor) -> int:
        return row.percent

    def get_answer(self, row: models.CoAuthor) -> str:
        return str(row.answer).lower()


class AnswerCoAuthor(StrictSerializer):
    """Whether one shares in the tips of a post."""

    answer = serializers.ChoiceField(choices=["yes", "no"])
