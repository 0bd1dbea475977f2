from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.notifications.models import OutgoingMessage
from accounts.tasks import deliver_messages, forget_sign_ins
from config.celery import app
from config.lib import schedules

pytestmark = pytest.mark.django_db


def test_the_jobs_are_known_by_the_names_that_send_them():
    assert app.tasks["accounts.tasks.deliver_messages"] is not None
    assert app.tasks["accounts.tasks.forget_sign_ins"] is not None
    scheduled = {schedule.task for schedule in schedules._schedules.values()}
    assert {"accounts.tasks.deliver_messages", "accounts.tasks.forget_sign_ins"} <= scheduled


def test_forgetting_ends_with_expired_sessions(client, alice):
    client.force_login(alice)
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(seconds=1))
    forget_sign_ins()
    assert "old" not in Session.objects.values_list("session_key", flat=True)
    assert Session.objects.count() == 1


def test_a_worker_delivers_what_a_sign_in_owes(client):
    client.post("/signin/", {"phone": "+447700900123"})
    assert deliver_messages() == 1
    assert OutgoingMessage.objects.get().status == OutgoingMessage.Status.SENT
