"""What happens to words and coins of members who leave for good, over both doors."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from accounts.departures import operations as departures
from accounts.departures.tests.conftest import contents
from accounts.members.models import Page, User
from config.lib.refusals import NotThere
from economy.ledger.leaving import collect_left_behind
from economy.ledger.models import Fund, Lock, Posting, Transfer, TransferKind
from economy.ledger.operations import hold, release
from economy.ledger.queries import fund_balances, violations
from economy.vault.operations import open_vault
from social.feed import operations, queries
from social.feed.models import Comment, CommentEdition, Follow, Mention, Post, PostEdition
from social.feed.operations.leaving import _AT_ONCE
from social.feed.operations.words import render_missing
from social.feed.threads import Conversation
from social.hashtags.models import PostTag

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


def write(author, content="Good morning.", **given):
    return operations.write_post(author=author, content=content, channel=Transfer.Channel.WEB, **given)


def answer(author, post, content="Morning!", **given):
    return operations.write_comment(
        author=author, post_id=post.pk, content=content, channel=Transfer.Channel.WEB, **given
    )


def tip(spender, post, at, coins=Decimal("2.00")):
    return operations.tip_post(spender=spender, post_id=post.pk, coins=coins, channel=Transfer.Channel.WEB, at=at)


def close(member, now, removes_writing=False):
    until = departures.close_account(member=member, removes_writing=removes_writing, at=now)
    departures.remind_closed(at=until - timedelta(days=7))
    return until


def erase(member, now, **given):
    until = close(member, now, **given)
    assert departures.erase_due(clock=lambda: until) == 1
    member.refresh_from_db()
    return until


def shown(reader):
    return list(queries.hot_feed(reader))


# -- Words ----------------------------------------------------------------------------------------------------------


def test_while_the_account_is_closed_nothing_of_it_is_shown(alice, bob, now):
    post, her_comment = write(alice, at=now), answer(alice, write(bob, "Tea?", at=now), at=now)
    close(alice, now)

    assert [p.user_id for p in shown(bob)] == [bob.pk]
    with pytest.raises(NotThere):
        queries.post_for(bob, post.pk)
    assert Conversation(her_comment.post, bob).page().rows == []


def test_after_erasing_what_was_written_stays_under_a_pseudonym(alice, bob, now, client):
    post = write(alice, at=now)
    comment = answer(alice, write(bob, "Tea?", at=now), at=now)
    erase(alice, now)

    page = client.get(f"/p/{post.pk}/").content.decode()
    assert "Good morning." in page
    assert "Former member" in page
    assert "alice" not in page.lower()
    # The pseudonym leads nowhere: its page is not there.
    assert 'href="/@deleted_' not in page
    assert "Morning!" in client.get(f"/p/{comment.post_id}/").content.decode()
    assert client.get(f"/@{alice.primary_page.username}/").status_code == 404


def test_the_api_shows_the_same(alice, bob, now, api):
    comment = answer(alice, write(bob, "Tea?", at=now), at=now)
    post = write(alice, at=now)
    erase(alice, now)

    assert api().get(f"/api/v1/posts/{post.pk}").json()["page"]["username"].startswith("deleted_")
    (row,) = api().get(f"/api/v1/posts/{comment.post_id}/comments").json()["results"]
    assert (row["is_removed"], row["content"]) == (False, "Morning!")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM v_hot_feed WHERE username LIKE 'deleted_%%'")
        assert cursor.fetchone() == (1,)


def test_whoever_chose_so_takes_their_words_along(alice, bob, now):
    post, other = write(alice, at=now), write(bob, "Tea?", at=now)
    hers, his = answer(alice, other, at=now), answer(bob, post, "Hello!", at=now)
    erase(alice, now, removes_writing=True)

    assert not Post.objects.filter(user=alice, deleted_at=None).exists()
    for row in (Post.objects.get(pk=post.pk), Comment.objects.get(pk=hers.pk)):
        assert row.deleted_at == now + timedelta(days=30)
        assert row.content == "–"
    assert Post.objects.get(pk=post.pk).content_hash == ""
    assert Comment.objects.get(pk=his.pk).content == "Hello!"
    assert Post.objects.get(pk=other.pk).comments_count == 0


def test_many_texts_are_removed_in_chunks(alice, bob, now):
    post = write(bob, "Tea?", at=now)
    page = alice.primary_page
    Comment.objects.bulk_create(
        Comment(post=post, page=page, user=alice, content=f"Number {n}", created_at=now) for n in range(_AT_ONCE + 5)
    )
    erase(alice, now, removes_writing=True)

    assert not Comment.objects.filter(user=alice).exclude(content="–").exists()
    assert not Comment.objects.filter(user=alice, deleted_at=None).exists()


def test_what_was_removed_before_is_blanked_in_any_case(alice, now):
    post = write(alice, "I regret this.", at=now)
    operations.remove_post(remover=alice, post_id=post.pk, at=now)
    erase(alice, now)

    assert Post.objects.get(pk=post.pk).content == "–"


def test_follows_end_both_ways_and_are_counted(alice, bob, now):
    operations.follow(follower=alice, page=bob.primary_page, at=now)
    operations.follow(follower=bob, page=alice.primary_page, at=now)
    erase(alice, now)

    assert not Follow.objects.exists()
    assert Page.objects.get(user=bob).followers_count == 0


def test_the_words_of_an_erased_member_earn_no_tips(alice, bob, now):
    post = write(alice, at=now)
    until = erase(alice, now)

    with pytest.raises(operations.NotTippable):
        tip(bob, post, until)


def test_others_are_still_tipped_and_answered_below_them(alice, bob, mallory, now):
    post = write(alice, at=now)
    his = answer(bob, post, "Hello!", at=now)
    until = erase(alice, now)

    operations.tip_comment(
        spender=mallory, comment_id=his.pk, coins=Decimal("1.00"), channel=Transfer.Channel.WEB, at=until
    )
    answer(mallory, post, "Where did she go?", at=until)


# -- Coins ----------------------------------------------------------------------------------------------------------


def test_what_is_left_in_the_wallet_goes_to_the_treasury(alice, now):
    before = fund_balances()[Fund.TREASURY]
    close(alice, now)
    assert fund_balances()[Fund.TREASURY] == before  # not before the notice is over

    departures.erase_due(clock=lambda: now + timedelta(days=30))

    alice.wallet.refresh_from_db()
    assert alice.wallet.balance == Decimal("0.00")
    assert fund_balances()[Fund.TREASURY] == before + Decimal("100.00")
    line = Posting.objects.filter(wallet=alice.wallet).latest("lock_version")
    assert (line.kind, line.amount) == (TransferKind.LEFT_BEHIND, Decimal("-100.00"))
    assert alice.wallet.total_spent == Decimal("0.00")
    assert violations() == []


def test_rows_of_money_stay(alice, bob, now):
    given = tip(alice, write(bob, at=now), now)
    lines = Posting.objects.filter(wallet=alice.wallet).count()
    erase(alice, now)

    assert Posting.objects.filter(wallet=alice.wallet).count() == lines + 1
    given.refresh_from_db()
    assert given.spender_id == alice.pk


def test_locked_coins_stay_until_their_lock_opens(alice, now):
    until = now + timedelta(days=60)
    lock = hold(wallet=alice.wallet, kind=Lock.Kind.VAULT, coins=Decimal("30.00"), at=now, unlock_at=until)
    erase(alice, now)
    alice.wallet.refresh_from_db()
    assert (alice.wallet.balance, alice.wallet.locked_balance) == (Decimal("30.00"), Decimal("30.00"))
    assert collect_left_behind(at=until) == Decimal("0.00")

    release(lock_id=lock, at=until)

    assert collect_left_behind(at=until) == Decimal("30.00")
    alice.wallet.refresh_from_db()
    assert alice.wallet.balance == Decimal("0.00")
    assert violations() == []


def test_tips_that_are_settled_later_follow(alice, bob, now):
    post = write(alice, at=now)
    tip(bob, post, now + timedelta(hours=1))
    User.objects.filter(pk=alice.pk).update(status=User.Status.ERASED)

    operations.settle_tips(at=now + timedelta(hours=26))
    collected = collect_left_behind(at=now + timedelta(hours=26))

    assert collected == Decimal("101.08")  # the welcome grant, and 60 % of the tip, less what waits in the vault
    open_vault(at=now + timedelta(days=32))
    assert collect_left_behind(at=now + timedelta(days=32)) == Decimal("0.12")
    assert violations() == []


def test_nobody_elses_wallet_is_collected(alice, bob, now):
    erase(alice, now)

    assert collect_left_behind(at=now) == Decimal("0.00")
    bob.wallet.refresh_from_db()
    assert bob.wallet.balance == Decimal("100.00")


# -- Copies of data --------------------------------------------------------------------------------------------------


def test_a_copy_of_ones_data_holds_ones_own_words_and_tips_and_nobody_elses(alice, bob, now):
    mine, his = write(alice, "Mine alone.", at=now), write(bob, "Not hers.", at=now)
    answer(alice, his, "Mine below his.", at=now)
    answer(bob, mine, "His below mine.", at=now)
    tip(bob, mine, now)
    operations.follow(follower=alice, page=bob.primary_page, at=now)

    export = departures.ask_for_export(member=alice, at=now)
    departures.make_due_exports(clock=lambda: now)
    export.refresh_from_db()
    found = contents(export)

    assert [row["content"] for row in found["posts"]] == ["Mine alone."]
    assert [row["content"] for row in found["comments"]] == ["Mine below his."]
    assert [row["amount"] for row in found["tips-received"]] == ["2.00"]
    assert found["tips-given"] == []
    assert [row["username"] for row in found["follows"]] == ["bob"]
    assert str(bob.pk) not in str(found)


def test_names_of_the_erased_are_no_links_any_more_and_only_their_last_words_stay(alice, bob, now):
    named = write(bob, "Ask @alice, she knows.", at=now)
    replied = answer(bob, named, "Yes, @alice does.", at=now)
    own = write(alice, "First words.", at=now)
    operations.edit_post(editor=alice, post_id=own.pk, content="Last words.", at=now + timedelta(hours=1))
    remark = answer(alice, named, "First words.", at=now)
    operations.edit_comment(editor=alice, comment_id=remark.pk, content="Last words.", at=now + timedelta(hours=1))
    assert "/@alice/" in named.html

    until = erase(alice, now + timedelta(hours=2))
    assert render_missing(at=until) == 2
    for row in (Post.objects.get(pk=named.pk), Comment.objects.get(pk=replied.pk)):
        assert "@alice" in row.html
        assert "<a" not in row.html
    assert not Mention.objects.exists()
    assert not PostEdition.objects.exists()
    assert not CommentEdition.objects.exists()
    assert "Last words." in Post.objects.get(pk=own.pk).html


def test_what_the_erased_had_removed_leaves_no_html(alice, now):
    post = write(alice, "#garden is *mine*.", at=now)
    operations.remove_post(remover=alice, post_id=post.pk, at=now)
    erase(alice, now + timedelta(hours=1))
    post.refresh_from_db()
    assert (post.content, post.html) == ("\u2013", "")
    assert not PostTag.objects.exists()
