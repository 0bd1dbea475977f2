from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from accounts.members.staff import TellsWho
from config.lib.admin import ChoicesDropdownFilter, LastDays, Measure, ReadOnlyAdmin
from economy.ledger.models import Transfer
from social.feed import operations
from social.feed.addresses import address_of_comment
from social.feed.models import (
    Comment,
    DecayEvent,
    DecayRun,
    Follow,
    Post,
    QueueLevel,
    Tip,
    TipShare,
    UncountedTip,
)

_REMOVE = Measure(
    _("Remove this from the site"),
    _("Nobody sees it any more. Tips inside their refund window go back to their givers; settled ones stay."),
    _("Remove"),
)


class ContentAdmin(ReadOnlyAdmin):
    """What posts and comments have in common: searched by words or author, removed with a reason, plain text."""

    list_filter: tuple[Any, ...] = (("deleted_at", admin.EmptyFieldListFilter), LastDays)
    list_select_related = ("page",)
    search_fields = ("content__icontains",)
    search_help_text = _("@username, an id, or words of the last 30 days")
    ordering = ("-id",)
    actions_detail = ["remove"]
    actions_row = ["remove"]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """By author or id through an index; by words only among the newest, because words have none yet."""
        from datetime import timedelta

        from config.lib.ids import first_id_at

        term = search_term.strip()
        if not term:
            return queryset, False
        if term.startswith("@"):
            return queryset.filter(page__username=term[1:].lower()), False
        if (wanted := _id_in(term)) is not None:
            return queryset.filter(pk=wanted), False
        newest = queryset.filter(pk__gte=first_id_at(timezone.now() - timedelta(days=30)))
        return newest.filter(content__icontains=term), False

    @admin.display(description=_("text"))
    def excerpt(self, content: Post | Comment) -> str:
        return Truncator(getattr(content, "title", "") or content.content).chars(60)

    @display(description=_("state"), label={"gone": "danger", "there": "success"})
    def state(self, content: Post | Comment) -> tuple[str, Any]:
        return ("gone", _("removed")) if content.deleted_at else ("there", _("visible"))

    @action(description=_("Remove …"), url_path="remove", permissions=["staff"], icon="delete")
    def remove(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def do(content: Post | Comment, given: dict[str, Any]) -> str:
            self.take_away(content, remover=request.user)
            return _("Removed: %(reason)s") % given

        return self.measure(request, object_id, _REMOVE, do)

    def take_away(self, content: Any, *, remover: Any) -> None:
        raise NotImplementedError


def _id_in(term: str) -> UUID | None:
    try:
        return UUID(term)
    except ValueError:
        return None


@admin.register(Post)
class PostAdmin(ContentAdmin):
    list_display = (
        "excerpt",
        "page",
        "state",
        "queue_level",
        "total_tokens_received",
        "comments_count",
        "created_at",
    )
    list_filter = (*ContentAdmin.list_filter, ("queue_level", ChoicesDropdownFilter))

    def view_on_site(self, post: Post) -> str:
        return f"/p/{post.pk}/"

    def take_away(self, content: Post, *, remover: Any) -> None:
        operations.remove_post(remover=remover, post_id=content.pk, at=timezone.now(), channel=Transfer.Channel.ADMIN)


@admin.register(Comment)
class CommentAdmin(ContentAdmin):
    list_display = ("excerpt", "page", "state", "total_tokens_received", "was_free", "token_cost", "created_at")

    def view_on_site(self, comment: Comment) -> str:
        return address_of_comment(comment.post_id, comment.pk)

    def take_away(self, content: Comment, *, remover: Any) -> None:
        operations.remove_comment(
            remover=remover, comment_id=content.pk, at=timezone.now(), channel=Transfer.Channel.ADMIN
        )


@admin.register(Tip)
class TipAdmin(ReadOnlyAdmin):
    list_display = ("id", "spender_page", "recipient_page", "amount", "created_at", "unliked_at", "settled_at")
    list_filter = (("settled_at", admin.EmptyFieldListFilter), ("unliked_at", admin.EmptyFieldListFilter), LastDays)
    list_select_related = ("spender_page", "recipient_page")
    search_fields = ("=id", "=post__id", "=comment__id")
    search_help_text = _("The id of a tip, a post or a comment")
    ordering = ("-id",)


@admin.register(TipShare)
class TipShareAdmin(TellsWho):
    list_display = ("tip_id", "who", "coins", "created_at")
    list_filter = (LastDays,)
    search_fields = ("=tip__id", "=tip__post__id")
    search_help_text = _("The id of a tip or a post, or a co-author's username")
    ordering = ("-id",)


@admin.register(UncountedTip)
class UncountedTipAdmin(ReadOnlyAdmin):
    """Tips whose figures are still to be counted; rows that stay here need a look at the job that settles tips."""

    list_display = ("tip_id", "is_first")


@admin.register(QueueLevel)
class QueueLevelAdmin(ReadOnlyAdmin):
    """The levels of the queue as the settings have them."""

    list_display = ("level", "time_allowed", "keep_coins", "keep_spenders", "gem_views")
    ordering = ("level",)


@admin.register(Follow)
class FollowAdmin(TellsWho):
    for_admins = True
    member = "follower_id"
    search_fields = ("=page__username",)
    search_help_text = _("@username of whoever follows")
    list_display = ("id", "who", "page", "created_at")
    list_filter = (LastDays,)
    list_select_related = ("page",)
    ordering = ("-id",)


@admin.register(DecayRun)
class DecayRunAdmin(ReadOnlyAdmin):
    list_display = ("period", "posts", "total_decayed", "finished_at")
    ordering = ("-period",)


@admin.register(DecayEvent)
class DecayEventAdmin(ReadOnlyAdmin):
    list_display = ("post", "run", "balance_before", "tokens_decayed", "balance_after", "decay_rate")
    list_filter = (LastDays,)
    list_select_related = ("post", "run")
    search_fields = ("=post__id", "=run__period")
    ordering = ("-id",)
