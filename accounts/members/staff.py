"""What the admin's pages share about people: whom a row is about, by name, and who of the staff is at it."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.members.models import Page, User
from config.lib.admin import ReadOnlyAdmin


def staff_of(request: HttpRequest) -> User:
    """Who of the staff asks; refuses whoever is nobody."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def name_of(member: User | None) -> str:
    """A member's own @username, from their pages; prefetch these for a list."""
    if member is None:
        return "–"
    return next((f"@{page.username}" for page in member.pages.all() if page.is_primary), str(member.pk))


class TellsWho(ReadOnlyAdmin):
    """For a list of rows that are about a member: the column `who` names them, and @username finds theirs.

    `member` is the way from a row to the member's id; where no index leads back from there, `finds_by_name` is False.
    Names cost no query more, however long the list is.
    """

    member = "user_id"
    finds_by_name = True
    search_help_text: Any = _("An id in full, or @username")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        names = Page.objects.filter(user=OuterRef(self.member), is_primary=True).values("username")
        return super().get_queryset(request).annotate(whose=F(self.member), whose_name=Subquery(names[:1]))

    def get_search_results(self, request: HttpRequest, rows: QuerySet[Any], term: str) -> tuple[QuerySet[Any], bool]:
        # Looked up first: a name among other columns, in other tables, would have all rows read.
        named = Page.objects.filter(username=term.strip().lower().removeprefix("@")).values_list("user_id", flat=True)
        if self.finds_by_name and (owners := list(named)):
            return rows.filter(**{f"{self.member}__in": owners}), False
        return super().get_search_results(request, rows, term)

    @admin.display(description=_("member"), empty_value="–")
    def who(self, row: Any) -> Any:
        if row.whose is None:
            return None
        address = reverse("admin:accounts_user_change", args=[row.whose])
        return format_html('<a href="{}">{}</a>', address, f"@{row.whose_name}" if row.whose_name else row.whose)
