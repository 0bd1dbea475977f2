"""What suspended members hear when they write, and that they write again once it is over."""

from datetime import timedelta

import pytest

from accounts.members.models import User
from accounts.members.operations import AccountSuspended, suspend
from social.feed.operations import write_post

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)
REASON = "Sold the same ladder twice"


def suspended(staff, member, at, until):
    suspend(staff=staff, member=member, reason=REASON, until=until, at=at)
    return User.objects.get(pk=member.pk)


def test_they_are_told_why_and_until_when_in_the_refusal(moderator, mallory, now):
    mallory = suspended(moderator, mallory, now, now + WEEK)
    with pytest.raises(AccountSuspended) as refused:
        write_post(author=mallory, content="Buy!", channel="WEB", at=now)
    assert refused.value.facts["reason"] == REASON
    assert refused.value.facts["until"].startswith(f"{now + WEEK:%Y-%m-%dT%H:%M}")
    assert REASON in str(refused.value)


def test_the_same_in_the_api(api, moderator, mallory, now):
    mallory = suspended(moderator, mallory, now, now + WEEK)
    answer = api(mallory).post("/api/v1/posts", {"content": "Buy!"}, format="json")
    assert answer.status_code == 403
    problem = answer.json()
    assert (problem["type"], problem["reason"]) == ("account-suspended", REASON)
    assert problem["until"].startswith(f"{now + WEEK:%Y-%m-%d}")


def test_they_write_again_at_its_end_without_any_job(moderator, mallory, now):
    mallory = suspended(moderator, mallory, now - WEEK, now - timedelta(seconds=1))
    assert mallory.status == User.Status.SUSPENDED
    write_post(author=mallory, content="Back again, and sorry", channel="WEB", at=now)
