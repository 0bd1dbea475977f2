"""The feed in JSON: what goes out, and what may come in. Amounts are strings, times ISO 8601 in UTC."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from config.lib.markdown import written
from config.lib.money import CENT, CoinsSerializerField
from config.lib.parsing import StrictCharField, StrictSerializer
from social.feed import extras, models
from social.feed.ranking import level_ends
from social.feed.rules import LONGEST_COMMENT, LONGEST_POST, LONGEST_TITLE

_LEVELS = [level.name.lower() for level in models.Post.Level]


class Author(serializers.Serializer):
    """The page that something was written as."""

    id = serializers.UUIDField()
    username = serializers.CharField()
    display_name = serializers.CharField()


class _Carried(serializers.Field):
    """What a post carries of one kind, as its card shows it; null when it has none."""

    def __init__(self, shown: serializers.Field) -> None:
        super().__init__(source="carries", read_only=True, allow_null=True)
        self.shown = shown

    def to_representation(self, value: dict[str, Any]) -> Any:
        carried = value.get(self.field_name or "")
        return self.shown.to_representation(carried) if carried else None


class _CarriedSchema(OpenApiSerializerFieldExtension):
    """In the OpenAPI document: the shape of what is carried, or null."""

    target_class = _Carried

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        shape = auto_schema._map_serializer_field(self.target.shown, direction)
        return {"oneOf": [shape, {"type": "null"}]}


class Post(serializers.Serializer):
    """A post with the figures that rank it."""

    id = serializers.UUIDField()
    page = Author()
    title = serializers.CharField(help_text="May be empty.")
    content = serializers.CharField(help_text="As it was written, in a small Markdown.")
    content_html = serializers.SerializerMethodField(help_text="The same as safe HTML.")
    total_tokens_received = CoinsSerializerField(help_text="Standing: tips received and not given back, less decay.")
    unique_spenders_count = serializers.IntegerField(help_text="Members with a tip on it.")
    comments_count = serializers.IntegerField()
    views_count = serializers.IntegerField(help_text="Readers of its page, each once a day.")
    queue_level = serializers.SerializerMethodField(help_text="Where the ranking has it.")
    level_until = serializers.SerializerMethodField(
        help_text="When it must have earned its place on the level; null in the archive."
    )
    velocity = serializers.DecimalField(
        source="engagement_velocity", max_digits=12, decimal_places=4, help_text="Coins per hour as of `velocity_at`."
    )
    velocity_at = serializers.DateTimeField(allow_null=True)
    last_boosted_at = serializers.DateTimeField(allow_null=True)
    is_pinned = serializers.SerializerMethodField(help_text="Whether it stands first on its page.")
    is_edited = serializers.BooleanField(help_text="Whether it was changed later than EDIT_FREE_MINUTES after writing.")
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field]:
        shown = {extra.name: _Carried(extra.shown()) for extra in extras.registered() if extra.shown}
        return super().get_fields() | shown

    def get_content_html(self, post: models.Post) -> str:
        return written(post)

    @extend_schema_field(serializers.ChoiceField(choices=_LEVELS))
    def get_queue_level(self, post: models.Post) -> str:
        return models.Post.Level(post.queue_level).name.lower()

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_level_until(self, post: models.Post) -> Any:
        ends = level_ends(post)
        return ends and serializers.DateTimeField().to_representation(ends)

    def get_is_pinned(self, post: models.Post) -> bool:
        return post.pinned_at is not None


class Comment(serializers.Serializer):
    """A comment in its thread. A removed one keeps its place, without its words and its writer."""

    id = serializers.UUIDField()
    post = serializers.UUIDField(source="post_id")
    parent = serializers.UUIDField(source="parent_id", allow_null=True)  # type: ignore[assignment]
    thread = serializers.UUIDField(
        source="root_id", allow_null=True, help_text="The comment on the post that its thread hangs from; null for it."
    )
    thread_depth = serializers.IntegerField()
    page = Author(allow_null=True)
    content = serializers.CharField(allow_null=True, help_text="As it was written, in a small Markdown.")
    content_html = serializers.SerializerMethodField(help_text="The same as safe HTML.")
    total_tokens_received = CoinsSerializerField()
    unique_spenders_count = serializers.IntegerField()
    was_free = serializers.BooleanField(help_text="One of its writer's free ones of the day.")
    token_cost = CoinsSerializerField(help_text="What it cost its writer.")
    is_removed = serializers.SerializerMethodField()
    is_left_out = serializers.SerializerMethodField()
    has_more_answers = serializers.SerializerMethodField()
    is_edited = serializers.BooleanField(help_text="Whether it was changed later than EDIT_FREE_MINUTES after writing.")
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)

    def get_content_html(self, comment: models.Comment) -> str | None:
        return written(comment)

    def get_is_removed(self, comment: models.Comment) -> bool:
        """Also true when its writer's account or page is no longer shown."""
        if hasattr(comment, "writer_is"):  # read with its thread, which knows
            return comment.is_hidden
        return comment.deleted_at is not None or not (comment.user.is_shown and comment.page.is_active)

    def get_is_left_out(self, comment: models.Comment) -> bool:
        """Whether the caller has muted its page or a word in it, or a block stands between the two."""
        return comment.is_apart or comment.is_unwanted

    def get_has_more_answers(self, comment: models.Comment) -> bool:
        """With `sort`: whether its thread is longer than what is shown of it."""
        return bool(comment.more_after)

    def to_representation(self, instance: models.Comment) -> dict[str, Any]:
        shown = super().to_representation(instance)
        if shown["is_removed"] or instance.is_apart:
            shown |= {"page": None, "content": None, "content_html": None}
        return shown


class PostEdition(serializers.Serializer):
    """What a post said until it was changed."""

    title = serializers.CharField(help_text="May be empty.")
    content = serializers.CharField()
    replaced_at = serializers.DateTimeField(source="created_at")


class CommentEdition(serializers.Serializer):
    """What a comment said until it was changed."""

    content = serializers.CharField()
    replaced_at = serializers.DateTimeField(source="created_at")


class Tip(serializers.Serializer):
    """A tip and where its coins go at settlement."""

    id = serializers.UUIDField()
    amount = CoinsSerializerField()
    to_creator = CoinsSerializerField()
    to_treasury = CoinsSerializerField()
    burned = CoinsSerializerField()
    refundable_until = serializers.DateTimeField(source="can_unlike_until")


class Follower(serializers.Serializer):
    """Who follows a page, and since when."""

    page = serializers.SerializerMethodField()
    followed_at = serializers.DateTimeField(source="created_at")

    @extend_schema_field(Author)
    def get_page(self, follow: models.Follow) -> Any:
        primary = follow.follower.primary_pages  # type: ignore[attr-defined]
        return Author(primary[0]).data if primary else None


_POST = OpenApiExample("A post", {"content": "Hello, neighbours.", "title": "First words"}, request_only=True)
_COMMENT = OpenApiExample("A comment", {"content": "Well said."}, request_only=True)
_ANSWER = OpenApiExample(
    "An answer to a comment",
    {"content": "I think so too.", "parent": "019a0000-0000-7000-8000-000000000000"},
    request_only=True,
)
_TIP = OpenApiExample("3.33 coins", {"amount": "3.33"}, request_only=True)


@extend_schema_serializer(examples=[_POST])
class WritePost(StrictSerializer):
    """A new post."""

    content = StrictCharField(max_length=LONGEST_POST)
    title = StrictCharField(max_length=LONGEST_TITLE, required=False, allow_blank=True)
    page = StrictCharField(max_length=30, required=False, help_text="Username of the page to write as; else the first.")

    def get_fields(self) -> dict[str, serializers.Field]:
        return super().get_fields() | {extra.name: extra.body() for extra in extras.registered()}


@extend_schema_serializer(
    examples=[OpenApiExample("New words", {"content": "Hello, all neighbours."}, request_only=True)]
)
class EditPost(StrictSerializer):
    """What is to change of a post; what is left out stays."""

    content = StrictCharField(max_length=LONGEST_POST, required=False)
    title = StrictCharField(max_length=LONGEST_TITLE, required=False, allow_blank=True)


@extend_schema_serializer(examples=[_COMMENT, _ANSWER])
class WriteComment(StrictSerializer):
    """A new comment."""

    content = StrictCharField(max_length=LONGEST_COMMENT)
    parent = serializers.UUIDField(required=False, allow_null=True, help_text="The comment it answers.")  # type: ignore[assignment]
    page = StrictCharField(max_length=30, required=False, help_text="Username of the page to write as; else the first.")


@extend_schema_serializer(examples=[OpenApiExample("New words", {"content": "Well put."}, request_only=True)])
class EditComment(StrictSerializer):
    """What is to change of a comment."""

    content = StrictCharField(max_length=LONGEST_COMMENT, required=False)


@extend_schema_serializer(examples=[_TIP])
class GiveTip(StrictSerializer):
    """A tip. Smaller than TIP_MIN or beyond TIP_MAX is 422 `tip-limit`; what is no amount at all is 400."""

    amount = CoinsSerializerField(least=CENT)
