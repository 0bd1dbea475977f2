from datetime import timedelta

from accounts.notifications.rules import pause_after


def test_pauses_grow_and_never_exceed_an_hour():
    pauses = [pause_after(attempt) for attempt in range(1, 20)]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=30)
    assert pauses[-1] == timedelta(hours=1)
