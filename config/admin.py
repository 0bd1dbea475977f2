"""The tables of the house itself, and those of libraries, in the admin's clothes."""

import constance.admin
import django.contrib.auth.admin  # noqa: F401 - registers Group, which is taken away below
import django_celery_beat.admin as beat
from constance.admin import Config
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.members.staff import TellsWho
from config.lib.admin import ReadOnlyAdmin
from config.models import IdempotentAnswer

# The libraries register theirs when they are imported, above; Django imports them no second time.
for table in (Group, PeriodicTask, IntervalSchedule, CrontabSchedule, SolarSchedule, ClockedSchedule, Config):
    if admin.site.is_registered(table):
        admin.site.unregister([table])


class AdminsOnly(ModelAdmin):
    """For tables of libraries: admins may change them, moderators do not see them."""

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.is_superuser

    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser


class TaskSelect(UnfoldAdminSelectWidget, beat.TaskSelectWidget):
    """The tasks that the workers know, as a list that looks like the others."""


class TaskForm(beat.PeriodicTaskForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].widget = UnfoldAdminTextInputWidget()
        self.fields["regtask"].widget = TaskSelect()


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(beat.PeriodicTaskAdmin, AdminsOnly):
    form = TaskForm
    change_form_template = None  # the library's has an inline script, which our policy does not run
    list_display = ("name", "enabled", "scheduler", "last_run_at", "one_off")


@admin.register(IntervalSchedule)
class IntervalScheduleAdmin(AdminsOnly):
    list_display = ("__str__", "every", "period")


@admin.register(CrontabSchedule)
class CrontabScheduleAdmin(beat.CrontabScheduleAdmin, AdminsOnly):
    pass


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """What staff did here, and why."""

    for_admins = True
    list_display = ("action_time", "user", "content_type", "object_repr", "change_message")
    list_filter = (("action_time", admin.DateFieldListFilter), ("content_type", admin.RelatedOnlyFieldListFilter))
    ordering = ("-action_time",)
    list_select_related = ("user", "content_type")


@admin.register(IdempotentAnswer)
class IdempotentAnswerAdmin(TellsWho):
    """Commands that were answered under a key. Their answers are not shown: they belong to who asked."""

    for_admins = True
    member = "member_id"
    list_display = ("id", "who", "key", "status", "created_at")
    exclude = ("body",)
    search_fields = ("=key", "=member_id")
    ordering = ("-id",)

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> list[str]:
        return [name for name in super().get_readonly_fields(request, obj) if name != "body"]


class RuntimeSettingsAdmin(constance.admin.ConstanceAdmin, ModelAdmin):
    """The figures of the economy and the limits. Every change is in the log of the admin."""


admin.site.register([Config], RuntimeSettingsAdmin)
