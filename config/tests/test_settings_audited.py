"""Runtime settings as the real table keeps them: reading writes nothing, and a change names whoever made it."""

from decimal import Decimal
from typing import Any

import constance.admin
import constance.forms
import constance.utils
import pytest
from constance import config
from constance.models import Constance
from django.core.cache import cache
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from accounts.audit.models import AuditLog
from config.lib import runtime
from config.lib.runtime import figures
from config.lib.stored_settings import StoredSettings

pytestmark = pytest.mark.django_db

PAGE = "admin:constance_config_changelist"


@pytest.fixture(autouse=True)
def stored():
    """Tests keep settings in memory; here they stand in the table, as everywhere else."""
    looks = {
        id(look): look for look in (config, constance.forms.config, constance.admin.config, constance.utils.config)
    }.values()
    in_memory = [look._backend for look in looks]
    for look in looks:
        look._backend = StoredSettings()
    runtime.forget()
    yield
    for look, backend in zip(looks, in_memory, strict=True):
        look._backend = backend
    runtime.forget()


def signed_in(member: Any) -> Client:
    client = Client()
    client.force_login(member)
    return client


def rows(name: str = "TIP_MAX") -> list[AuditLog]:
    return list(AuditLog.objects.filter(entity_type="constance_constance", entity_id=name).order_by("created_at"))


def test_reading_all_settings_writes_none():
    assert Decimal("10.00") == figures().TIP_MAX
    assert Decimal("10.00") == figures().TIP_MAX
    assert not Constance.objects.exists()
    assert not AuditLog.objects.filter(entity_type="constance_constance").exists()


def test_all_settings_are_read_in_one_look(django_assert_num_queries):
    config.TIP_MAX = Decimal("12.50")
    cache.clear()
    with django_assert_num_queries(1):
        assert Decimal("12.50") == figures().TIP_MAX
    runtime.forget()
    with django_assert_num_queries(0):
        assert Decimal("12.50") == figures().TIP_MAX


def test_a_database_that_is_away_leaves_no_defaults_behind(monkeypatch):
    config.TIP_MAX = Decimal("12.50")
    cache.clear()
    with monkeypatch.context() as away:
        away.setattr(Constance._default_manager, "filter", lambda **given: (_ for _ in ()).throw(OperationalError))
        with pytest.raises(OperationalError):
            figures()
    assert Decimal("12.50") == figures().TIP_MAX


def test_a_setting_that_was_set_is_read_by_everyone_at_once():
    assert Decimal("10.00") == figures().TIP_MAX
    config.TIP_MAX = Decimal("12.50")
    runtime.forget()
    assert Decimal("12.50") == figures().TIP_MAX
    assert list(Constance.objects.values_list("key", flat=True)) == ["TIP_MAX"]


def test_all_is_read_without_asking_the_database_again(django_assert_num_queries):
    figures()
    runtime.forget()
    with django_assert_num_queries(0):
        figures()


def test_a_setting_changed_in_the_admin_names_whoever_did_it(admin_member):
    staff = signed_in(admin_member)
    form = staff.get(reverse(PAGE)).context["form"]
    shown = {name: form.initial[name] for name in form.fields if form.initial.get(name) is not None}
    assert staff.post(reverse(PAGE), shown | {"TIP_MAX": "12.50"}, HTTP_USER_AGENT="Lynx").status_code == 302
    (row,) = rows()
    assert (row.account, row.user_agent, row.ip_address) == (admin_member, "Lynx", "127.0.0.1")
    assert rows("TIP_MIN") == []
    page = staff.get(reverse("admin:accounts_auditlog_change", args=[row.pk])).content.decode()
    assert "12.50" in page
    assert "__value__" not in page


def test_settings_are_for_admins_alone(moderator, alice):
    for member in (moderator, alice):
        assert signed_in(member).post(reverse(PAGE), {"TIP_MAX": "1000"}).status_code in (302, 403)
    assert rows() == []


def test_who_set_it_on_the_machine_stands_in_the_audit(monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "ada")
    call_command("setting", "TIP_MAX", "12.50")
    call_command("setting", "TIP_MAX", "11.00")
    first, second = rows()
    assert (first.reason, first.user_agent, first.account) == ("set on the machine by ada", "manage.py setting", None)
    assert "12.50" in first.new_values["value"]
    assert "12.50" in second.old_values["value"]
    assert "11.00" in second.new_values["value"]


def test_a_machine_that_knows_no_name_is_no_obstacle(monkeypatch):
    def nobody():
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    call_command("setting", "TIP_MAX", "12.50")
    assert rows()[0].reason == "set on the machine by somebody without a name"
