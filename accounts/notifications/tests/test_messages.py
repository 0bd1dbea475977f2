import time
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from celery import Celery, current_app
from django.db import connection, connections, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.notifications.models import OutgoingMessage
from accounts.notifications.operations import messages
from accounts.notifications.sms import TryLater, Undeliverable

Status = OutgoingMessage.Status


def deliver(after: timedelta = timedelta()) -> int:
    """Deliver what is due at a time from now; each look at the clock is one second later."""
    start = timezone.now() + after
    looks = iter(range(1000))
    return messages.deliver_due(clock=lambda: start + timedelta(seconds=next(looks)))


@pytest.mark.django_db(transaction=True)
def test_a_message_is_owed_with_its_transaction_or_not_at_all(owe):
    with pytest.raises(RuntimeError), transaction.atomic():
        owe()
        raise RuntimeError
    assert not OutgoingMessage.objects.exists()


@pytest.mark.django_db
def test_the_text_is_not_readable_in_the_database(owe):
    message = owe(body="482913 is your code")
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM accounts_outgoingmessage WHERE id = %s", [message.pk])
        assert "482913" not in cursor.fetchone()[0]


@pytest.mark.django_db
def test_the_worker_is_told_after_the_commit(owe, monkeypatch, django_capture_on_commit_callbacks):
    told = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **options: told.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        owe()
        assert told == []
    assert told == ["accounts.tasks.deliver_messages"]


@pytest.mark.django_db
def test_a_lost_broker_loses_no_message(owe, post, monkeypatch, django_capture_on_commit_callbacks):
    def away(*args, **options):
        raise OperationalError("refused")

    monkeypatch.setattr(current_app, "send_task", away)
    with django_capture_on_commit_callbacks(execute=True):
        owe()
    assert deliver() == 1
    assert post.taken == [("+447700900123", "123456 is your code")]


@pytest.mark.django_db
def test_a_broker_that_is_away_costs_the_request_no_time(
    owe, settings, monkeypatch, django_capture_on_commit_callbacks
):
    elsewhere = Celery("elsewhere", broker="redis://127.0.0.1:9/2", set_as_current=False)
    elsewhere.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    monkeypatch.setattr(messages, "current_app", elsewhere)
    told = []
    monkeypatch.setattr(messages.log, "warning", lambda *words: told.append(words))
    start = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        owe()
    assert time.monotonic() - start < 2
    assert len(told) == 1


@pytest.mark.django_db(transaction=True)
def test_sending_happens_outside_of_any_transaction(owe, post):
    owe()
    deliver()
    assert post.inside_transaction == [False]


@pytest.mark.django_db
def test_the_text_is_erased_once_it_was_sent(owe, post):
    message = owe()
    assert deliver() == 1
    message.refresh_from_db()
    assert (message.status, message.body, message.receipt, message.attempts) == (Status.SENT, "", "receipt-1", 1)
    assert message.sent_at is not None
    assert deliver(timedelta(hours=1)) == 0
    assert len(post.taken) == 1


@pytest.mark.django_db
def test_the_development_outbox_keeps_the_text(owe):
    message = owe()
    assert deliver() == 1
    message.refresh_from_db()
    assert (message.status, message.body) == (Status.SENT, "123456 is your code")


@pytest.mark.django_db
def test_what_can_never_arrive_is_given_up_at_once(owe, post):
    post.refusal = Undeliverable("400 21211")
    message = owe()
    assert deliver() == 0
    message.refresh_from_db()
    assert (message.status, message.body, message.receipt) == (Status.FAILED, "", "400 21211")


@pytest.mark.django_db
def test_a_busy_carrier_is_asked_again_after_growing_pauses(owe, post):
    post.refusal = TryLater("503")
    message = owe()
    deliver()
    assert deliver(timedelta(seconds=20)) == 0
    message.refresh_from_db()
    assert (message.status, message.attempts, message.receipt) == (Status.WAITING, 1, "503")
    deliver(timedelta(seconds=40))
    message.refresh_from_db()
    assert message.attempts == 2
    post.refusal = None
    assert deliver(timedelta(seconds=60)) == 0  # the second pause is a minute
    assert deliver(timedelta(seconds=120)) == 1
    assert len(post.taken) == 1


@pytest.mark.django_db
def test_a_code_that_has_expired_is_not_sent_any_more(owe, post):
    message = owe()
    assert deliver(timedelta(minutes=10)) == 0
    message.refresh_from_db()
    assert (message.status, message.body) == (Status.FAILED, "")
    assert post.taken == []


@pytest.mark.django_db
def test_one_message_that_fails_does_not_hold_up_the_others(owe, post, monkeypatch):
    owe(recipient="+447700900001")
    owe(recipient="+447700900002")
    taken = post.send

    def send(self, *, to, body):
        if to.endswith("1"):
            raise TryLater("timeout")
        return taken(self, to=to, body=body)

    monkeypatch.setattr(post, "send", send)
    assert deliver() == 1
    assert [to for to, _body in post.taken] == ["+447700900002"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_several_workers_send_each_message_once(owe, post):
    for number in range(20):
        owe(recipient=f"+4477009001{number:02}")
    ready = Barrier(4)

    def work():
        ready.wait()
        messages.deliver_due(clock=timezone.now)
        connections.close_all()

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(post.taken) == len(set(post.taken)) == 20


@pytest.mark.django_db
def test_a_worker_given_up_for_dead_does_not_overwrite_its_successor(owe, post):
    message = owe()
    claimed = messages._claim_next(at=timezone.now())
    deliver(timedelta(seconds=40))
    messages._note(claimed, status=Status.FAILED, receipt="late")
    message.refresh_from_db()
    assert (message.status, message.attempts) == (Status.SENT, 2)


@pytest.mark.django_db
def test_an_e_mail_goes_through_djangos_backend(owe, mailoutbox):
    message = owe(channel=messages.Channel.EMAIL, recipient="ana@example.org", subject="Hello", body="A line")
    assert deliver() == 1
    assert [(mail.to, mail.subject, mail.body) for mail in mailoutbox] == [(["ana@example.org"], "Hello", "A line")]
    message.refresh_from_db()
    assert message.status == Status.SENT


@pytest.mark.django_db
def test_old_messages_are_forgotten_and_waiting_ones_kept(owe):
    long_ago = timezone.now() - timedelta(days=31)
    sent, waiting, fresh = owe(at=long_ago), owe(at=long_ago), owe()
    OutgoingMessage.objects.filter(pk__in=[sent.pk, fresh.pk]).update(status=Status.SENT)
    assert messages.forget_old_messages(at=timezone.now()) == 1
    assert set(OutgoingMessage.objects.values_list("pk", flat=True)) == {waiting.pk, fresh.pk}


# -- E-mail: headers, HTML, servers that say no -----------------------------------------------------


def owe_letter(owe, **given):
    return owe(channel="EMAIL", recipient="ana@example.org", subject="Hello", body="plain", **given)


@pytest.mark.django_db
def test_the_html_of_a_letter_is_erased_with_its_text(owe, settings, mailoutbox):
    settings.EMAIL_BACKEND = "accounts.notifications.tests.mailboxes.Leaving"
    message = owe_letter(owe, html="<p>rich</p>", headers={"List-Id": "x <digest.example>"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT html FROM accounts_outgoingmessage WHERE id = %s", [message.pk])
        assert "rich" not in cursor.fetchone()[0]
    assert deliver() == 1
    message.refresh_from_db()
    assert (message.status, message.body, message.html) == (Status.SENT, "", "")


@pytest.mark.django_db
def test_a_subject_is_one_line(owe):
    message = owe(channel="EMAIL", recipient="ana@example.org", subject="Eve\r\nBcc: all@example.org\n" + "x" * 300)
    assert message.subject.startswith("Eve Bcc: all@example.org x") and len(message.subject) == 200


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "status"), [(550, Status.FAILED), (450, Status.WAITING)])
def test_a_mailbox_that_does_not_exist_is_not_tried_again(owe, settings, code, status):
    settings.EMAIL_BACKEND = "accounts.notifications.tests.mailboxes.Refusing"
    settings.REFUSED_WITH = code
    message = owe_letter(owe)
    assert deliver() == 0
    message.refresh_from_db()
    assert (message.status, str(code) in message.receipt) == (status, True)


@pytest.mark.django_db
def test_a_letter_that_no_server_can_take_does_not_hold_up_the_others(owe, settings, mailoutbox):
    broken = owe_letter(owe, headers={"List-Id": "a\nBcc: all@example.org"})
    owe_letter(owe)
    assert deliver() == 1
    broken.refresh_from_db()
    assert (broken.status, len(mailoutbox)) == (Status.FAILED, 1)
