from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from config.lib.admin import LastDays, ReadOnlyAdmin, ReadOnlyInline
from social.polls.models import Poll, PollOption


class PollOptionInline(ReadOnlyInline):
    model = PollOption
    fields = readonly_fields = ("place", "text", "votes_count")
    ordering = ("place",)
    verbose_name_plural = _("answers")


@admin.register(Poll)
class PollAdmin(ReadOnlyAdmin):
    """Polls with their counts. Who voted for what is shown to nobody, staff included."""

    list_display = ("post", "voters_count", "created_at", "ends_at", "closed_at")
    list_filter = (("closed_at", admin.EmptyFieldListFilter), LastDays)
    list_select_related = ("post",)
    search_fields = ("=id", "=post__id", "=post__page__username")
    search_help_text = _("The id of a poll or a post, or a username")
    ordering = ("-id",)
    inlines = (PollOptionInline,)

    def view_on_site(self, poll: Poll) -> str:
        return f"/p/{poll.post_id}/"
