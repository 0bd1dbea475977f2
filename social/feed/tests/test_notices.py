from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.members import boundaries
from accounts.notifications.models import Notification, OwedNotice
from accounts.notifications.operations import gather
from social.feed import operations

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(alice, now):
    return operations.write_post(author=alice, title="Bread", content="Flour, water, salt", channel="WEB", at=now)


@pytest.fixture
def heard(now):
    """What a member hears of, besides being welcomed."""

    def look(member):
        gather(at=timezone.now())
        return list(Notification.objects.filter(user=member).exclude(type="welcome").order_by("id"))

    return look


def tip(spender, now, coins="5.00", **what):
    one = operations.tip_post if "post_id" in what else operations.tip_comment
    return one(spender=spender, coins=Decimal(coins), channel="WEB", at=now, **what)


def comment(author, post, now, *, parent=None, text="How long in the oven?"):
    return operations.write_comment(
        author=author, post_id=post.pk, content=text, channel="WEB", at=now, parent_id=parent.pk if parent else None
    )


def test_who_is_tipped_hears_of_it(alice, bob, post, heard, now):
    tip(bob, now, post_id=post.pk)
    (notice,) = heard(alice)
    assert (notice.type, notice.title) == ("tip", "Bob tipped you 5.00")
    assert notice.message == "“Bread”"
    assert notice.data["path"] == f"/p/{post.pk}/"
    assert heard(bob) == []


def test_twelve_tips_on_a_post_are_one_notice(alice, join, post, heard, now):
    for number in range(12):
        tip(
            join(f"fan_{number}"),
            now + timedelta(seconds=number),
            coins="3.00" if number < 10 else "2.00",
            post_id=post.pk,
        )
        heard(alice)
    (notice,) = heard(alice)
    assert notice.title == "12 people tipped you 34.00"
    assert notice.message == "Fan_11, Fan_10, Fan_9 and 9 others · “Bread”"


def test_what_was_taken_back_is_told_of_no_more(alice, bob, mallory, post, heard, now):
    first = tip(bob, now, coins="4.00", post_id=post.pk)
    assert heard(alice)[0].data["coins"] == "4.00"
    operations.take_back(spender=bob, tip_id=first.pk, channel="WEB", at=now)
    assert heard(alice) == []
    for _number in range(10):
        tip(bob, now, coins="1.00", post_id=post.pk)
    again = tip(mallory, now + timedelta(seconds=1), coins="2.00", post_id=post.pk)
    assert heard(alice)[0].title == "Mallory and Bob tipped you 12.00"
    operations.take_back(spender=mallory, tip_id=again.pk, channel="WEB", at=now)
    (notice,) = heard(alice)
    assert (notice.data["coins"], notice.data["count"]) == ("10.00", 10)


def test_a_tip_that_is_taken_back_at_once_or_after_it_was_read_about(alice, bob, post, heard, now):
    given = tip(bob, now, coins="4.00", post_id=post.pk)
    operations.take_back(spender=bob, tip_id=given.pk, channel="WEB", at=now)
    assert heard(alice) == []
    given = tip(bob, now, coins="3.00", post_id=post.pk)
    (notice,) = heard(alice)
    Notification.objects.filter(pk=notice.pk).update(is_read=True, read_at=now)
    operations.take_back(spender=bob, tip_id=given.pk, channel="WEB", at=now)
    assert heard(alice) == [notice]
    tip(bob, now + timedelta(seconds=1), coins="5.00", post_id=post.pk)
    old, new = heard(alice)
    assert (old.data["coins"], new.data["coins"], new.data["count"]) == ("3.00", "5.00", 1)


def test_what_was_read_about_and_is_taken_back_lessens_nothing_newer(alice, bob, mallory, post, heard, now):
    given = tip(bob, now, coins="3.00", post_id=post.pk)
    (notice,) = heard(alice)
    Notification.objects.filter(pk=notice.pk).update(is_read=True, read_at=now)
    tip(mallory, now + timedelta(seconds=1), coins="5.00", post_id=post.pk)
    assert heard(alice)[1].data["coins"] == "5.00"
    operations.take_back(spender=bob, tip_id=given.pk, channel="WEB", at=now + timedelta(seconds=2))
    new = heard(alice)[1]
    assert (new.title, new.data["count"]) == ("Mallory tipped you 5.00", 1)
    assert new.happened_at == now + timedelta(seconds=1)


def test_a_tip_that_is_tried_twice_under_one_key_is_told_once(alice, bob, post, heard, now):
    tip(bob, now, post_id=post.pk, key="once")
    tip(bob, timezone.now(), post_id=post.pk, key="once")
    assert heard(alice)[0].data["coins"] == "5.00"


def test_a_tip_on_a_comment_leads_to_it(alice, bob, post, heard, now):
    words = comment(bob, post, now)
    tip(alice, now, comment_id=words.pk)
    (notice,) = heard(bob)
    assert (notice.title, notice.message) == ("Alice tipped you 5.00", "“How long in the oven?”")
    assert notice.data["path"] == f"/p/{post.pk}/?comment={words.pk}#comment-{words.pk}"


@pytest.mark.django_db(transaction=True)
def test_a_tip_that_is_a_transaction_of_its_own_owes_its_notice_in_it(alice, bob, post, now):
    OwedNotice.objects.all().delete()
    tip(bob, now, post_id=post.pk)
    tip(bob, now, post_id=post.pk, coins="2.00")  # counted later
    owed = OwedNotice.objects.filter(user=alice, type="tip")
    assert sorted(one.coins for one in owed) == [Decimal("2.00"), Decimal("5.00")]
    assert {one.actor_id for one in owed} == {bob.primary_page.pk}


@pytest.mark.django_db(transaction=True)
def test_a_tip_that_is_refused_owes_nothing(alice, bob, post, now):
    OwedNotice.objects.all().delete()
    with pytest.raises(operations.TipLimitReached):
        tip(bob, now, post_id=post.pk, coins="11.00")
    assert not OwedNotice.objects.exists()


def test_a_post_that_is_gone_is_not_told_of(alice, bob, post, heard, now):
    tip(bob, now, post_id=post.pk)
    operations.remove_post(remover=alice, post_id=post.pk, at=now)
    assert heard(alice) == []


def test_comments_and_answers_reach_whom_they_answer(alice, bob, mallory, post, heard, now):
    first = comment(bob, post, now)
    answer = comment(mallory, post, now + timedelta(minutes=1), parent=first)
    (on_post,) = heard(alice)
    assert on_post.title == "2 comments on your post, by Mallory and Bob"
    assert on_post.data["path"] == f"/p/{post.pk}/?comment={answer.pk}#comment-{answer.pk}"
    (reply,) = heard(bob)
    assert (reply.type, reply.title) == ("reply", "Mallory answered your comment")


def test_nobody_hears_twice_of_one_comment_or_of_their_own(alice, bob, post, heard, now):
    own = comment(alice, post, now)
    comment(bob, post, now, parent=own)
    comment(alice, post, now, parent=own)
    (notice,) = heard(alice)
    assert (notice.type, notice.title) == ("reply", "Bob answered your comment")
    assert heard(bob) == []


def test_a_single_comment_is_told_by_name(alice, bob, post, heard, now):
    comment(bob, post, now)
    assert heard(alice)[0].title == "Bob commented on your post"


def test_new_followers_are_gathered_and_old_ones_are_not_told_of_again(alice, bob, mallory, heard, now):
    for minute, follower in enumerate((bob, bob, mallory)):
        operations.follow(follower=follower, page=alice.primary_page, at=now + timedelta(minutes=minute))
    (notice,) = heard(alice)
    assert notice.title == "Mallory and Bob follow @alice"
    assert notice.data["count"] == 2
    assert notice.data["path"] == "/@alice/followers/"


def test_nothing_is_heard_of_a_muted_page(alice, bob, post, heard, now):
    boundaries.mute(member=alice, page=bob.primary_page, at=now)
    tip(bob, now, post_id=post.pk)
    comment(bob, post, now)
    assert heard(alice) == []


def test_names_and_words_of_members_do_not_break_the_sentence(alice, join, post, heard, now):
    percent = join("per_cent")
    percent.primary_page.display_name = "100%(who)s {x}"
    percent.primary_page.save()
    tip(percent, now, post_id=post.pk)
    assert heard(alice)[0].title == "100%(who)s {x} tipped you 5.00"


def test_whose_tips_come_back_hear_how_much(alice, bob, mallory, post, heard, now):
    for member, coins in ((bob, "5.00"), (bob, "2.50"), (mallory, "1.00")):
        tip(member, now, post_id=post.pk, coins=coins)
    operations.remove_post(remover=alice, post_id=post.pk, at=now + timedelta(hours=1))
    assert [notice.title for notice in heard(bob)] == ["7.50 of your tips came back"]
    assert [notice.title for notice in heard(mallory)] == ["1.00 of your tips came back"]
    assert heard(bob)[0].data["path"] == "/wallet/?kind=TIP_REFUND"


def test_who_takes_a_tip_back_is_not_told_of_it(alice, bob, post, heard, now):
    given = tip(bob, now, post_id=post.pk)
    operations.take_back(spender=bob, tip_id=given.pk, channel="WEB", at=now + timedelta(hours=1))
    operations.remove_post(remover=alice, post_id=post.pk, at=now + timedelta(hours=2))
    assert heard(bob) == []


def test_after_the_window_nothing_comes_back_and_nobody_is_told(alice, bob, post, heard, now):
    tip(bob, now, post_id=post.pk)
    operations.remove_post(remover=alice, post_id=post.pk, at=now + timedelta(hours=25))
    assert heard(bob) == []
