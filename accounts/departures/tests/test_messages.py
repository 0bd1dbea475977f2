"""When those who leave are told."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.departures import messages
from accounts.members.operations import set_preferences
from accounts.notifications.models import OutgoingMessage

pytestmark = pytest.mark.django_db


def test_the_last_word_waits_for_the_end_of_the_quiet_hours_and_the_first_one_does_not(alice):
    night = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)  # 23:00 in Berlin, where clocks go forward that night
    set_preferences(member=alice, at=night, time_zone="Europe/Berlin", quiet_from="22:00", quiet_to="07:00")
    messages.tell_of_closing(alice, until=night + timedelta(days=30), at=night)
    messages.tell_time_runs_out(alice, until=night + timedelta(days=7), at=night)
    first, last = OutgoingMessage.objects.order_by("id").filter(recipient=str(alice.phone_number))
    assert first.next_attempt_at == night
    assert last.next_attempt_at == datetime(2026, 3, 29, 5, 0, tzinfo=UTC)
