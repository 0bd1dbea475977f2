"""What happens at once: real threads on PostgreSQL, and controls that fail where a lock is left out."""

import random
import threading
import time
from collections import Counter
from datetime import timedelta
from decimal import Decimal as D
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.members.models import User
from config.lib.refusals import Busy, NotThere, Refused
from economy.ledger.models import Transfer
from economy.ledger.operations import NotEnoughCoins
from social.feed import operations
from social.feed.models import Comment, Post, Tip, UncountedTip
from social.feed.tests.conftest import WEB, balance, books_are_right, drain, fund, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

DAY = timedelta(hours=24)


@pytest.fixture(autouse=True)
def _no_limits_in_the_way(figure):
    """Here the database has to hold; how much a member may do in a minute is tested in test_limits."""
    figure(TIPS_PER_MINUTE=100_000, TIPS_PER_DAY=100_000, TAKE_BACKS_PER_DAY=100_000)


def kinds(outcomes: list[Any]) -> Counter[type]:
    return Counter(type(outcome) for outcome in outcomes)


# -- One wallet, one limit, one key -------------------------------------------------------------------------------


def test_twenty_tips_of_ten_from_a_wallet_of_a_hundred_are_exactly_ten(join, bob, write, tip):
    posts = [write(join(f"author_{number}")) for number in range(20)]
    outcomes = together(*[partial(tip, bob, post, "10.00") for post in posts])
    assert kinds(outcomes) == {Tip: 10, NotEnoughCoins: 10}
    assert (balance(bob), fund("content")) == (D("0.00"), D("100.00"))
    assert books_are_right()


def test_parallel_tips_on_one_post_stay_within_the_limit(alice, bob, write, tip):
    post = write(alice)
    outcomes = together(*[partial(tip, bob, post, "3.00") for _number in range(8)])
    assert kinds(outcomes) == {Tip: 3, operations.TipLimitReached: 5}
    post.refresh_from_db()
    assert (post.total_tokens_received, post.unique_spenders_count) == (D("9.00"), 1)
    assert (balance(bob), UncountedTip.objects.count()) == (D("91.00"), 0)


def test_control_a_limit_looked_at_before_the_wallet_is_locked_does_not_hold(alice, bob, write, tip, rewritten):
    sums = "WHERE t.post_id = p_post AND t.spender_id = p_spender AND t.unliked_at IS NULL;"
    early = (
        f"PERFORM 1; SELECT coalesce(sum(t.amount), 0) AS coins, count(*) AS tips INTO v_given FROM social_tip t {sums}"
    )
    post = write(alice)
    with rewritten(
        "social_give_tip",
        (
            "SELECT * INTO v_made FROM ledger_move",
            f"{early} PERFORM pg_sleep(0.3); SELECT * INTO v_made FROM ledger_move",
        ),
        (
            "SELECT coalesce(sum(t.amount), 0) AS coins, count(*) AS tips INTO v_given FROM social_tip t\n"
            f"      {sums}",
            "NULL;",
        ),
    ):
        assert kinds(together(*[partial(tip, bob, post, "3.00") for _number in range(8)]))[Tip] > 3


def test_one_key_at_once_tips_once(alice, bob, write, tip):
    post = write(alice)
    outcomes = together(*[partial(tip, bob, post, "5.00", key="k") for _number in range(8)])
    assert kinds(outcomes) == {Tip: 8}
    assert len({each.pk for each in outcomes}) == 1
    assert (balance(bob), Tip.objects.count()) == (D("95.00"), 1)


def test_a_crowd_on_one_post_is_counted_to_the_last_coin(alice, join, write, tip, noon):
    post = write(alice)
    crowd = [join(f"fan_{number}") for number in range(8)]

    def give(fan: User) -> None:
        for coins in ("1.00", "2.00", "3.00"):
            tip(fan, post, coins, at=noon + timedelta(milliseconds=random.randrange(900)))

    assert together(*[partial(give, fan) for fan in crowd]) == [None] * 8
    post.refresh_from_db()
    assert (post.total_tokens_received, post.unique_spenders_count) == (D("48.00"), 8)
    assert (fund("content"), UncountedTip.objects.count()) == (D("48.00"), 0)
    assert books_are_right()


def test_members_who_tip_each_other_do_not_wait_in_a_circle(join, write, tip, noon):
    members = [join(f"member_{number}") for number in range(4)]
    posts = {member: write(member) for member in members}

    def round_of(member: User) -> int:
        done = 0
        for number in range(15):
            other = members[(members.index(member) + 1 + number % 3) % 4]
            try:
                given = tip(member, posts[other], "1.00")
                operations.take_back(spender=member, tip_id=given.pk, channel=WEB, at=noon)
                done += 1
            except operations.TipLimitReached:
                pass
        return done

    assert together(*[partial(round_of, member) for member in members]) == [15] * 4
    assert {balance(member) for member in members} == {D("100.00")}
    assert books_are_right()


# -- One tip, one end ---------------------------------------------------------------------------------------------


def test_a_tip_taken_back_many_times_at_once_goes_back_once(alice, bob, write, tip, noon):
    given = tip(bob, write(alice), "10.00")
    back = partial(operations.take_back, spender=bob, tip_id=given.pk, channel=WEB, at=noon)
    assert kinds(together(*[back] * 8)) == {Tip: 1, operations.TipResolved: 7}
    assert (balance(bob), fund("content")) == (D("100.00"), D("0.00"))


def test_take_back_and_settlement_at_the_edge_of_the_window_never_both(alice, bob, mallory, write, tip, noon, figure):
    """Sixty rounds: a take-back whose clock says just before, a settlement whose clock says just after."""
    figure(TIP_MAX=D("1000.00"))
    post = write(alice)
    ends: Counter[str] = Counter()
    for number in range(60):
        given = tip(bob, post, "1.00")
        edge = noon + DAY
        delay = random.uniform(0, 0.003)

        def take_back(given=given, edge=edge, delay=delay, first=number % 2):
            time.sleep(delay * first)
            return operations.take_back(spender=bob, tip_id=given.pk, channel=WEB, at=edge - timedelta(microseconds=1))

        def settle(edge=edge, delay=delay, first=number % 2):
            time.sleep(delay * (1 - first))
            return operations.settle_tips(at=edge)

        back, settled = together(take_back, settle)
        given.refresh_from_db()
        assert (given.settled_at is None) != (given.unliked_at is None)
        assert isinstance(back, Tip) == (settled == 0) == (given.unliked_at is not None)
        assert isinstance(back, Tip | operations.TipResolved)
        ends["back" if given.unliked_at else "settled"] += 1
    assert balance(bob) == D("100.00") - ends["settled"]
    assert balance(alice) == D("100.00") + ends["settled"] * D("0.60")
    assert fund("content") == D("0.00")
    assert Transfer.objects.filter(kind="TIP_REFUND").count() == ends["back"]
    assert Transfer.objects.filter(kind="TIP_SETTLEMENT").count() == ends["settled"]
    assert ends["back"] and ends["settled"], ends
    assert books_are_right()


def test_control_without_the_locks_a_tip_goes_back_more_than_once(alice, bob, mallory, write, tip, noon, rewritten):
    post = write(alice)
    given = tip(bob, post, "5.00")
    tip(mallory, post, "10.00")
    back = partial(operations.take_back, spender=bob, tip_id=given.pk, channel=WEB, at=noon)
    with rewritten(
        "social_take_back",
        ("PERFORM ledger_lock_wallets(ARRAY[v_wallet]);", ""),
        ("WHERE t.id = p_tip FOR NO KEY UPDATE;", "WHERE t.id = p_tip; PERFORM pg_sleep(0.3);"),
    ):
        assert kinds(together(back, back, back))[Tip] > 1
    assert balance(bob) > D("100.00")


def test_control_without_keeping_the_target_a_tip_is_lost_on_what_was_removed(alice, bob, write, tip, noon, rewritten):
    post = write(alice)
    with rewritten(
        "social_give_tip",
        ("PERFORM social_keep_target(coalesce(p_post, p_comment));", ""),
        ("INSERT INTO social_tip (", "PERFORM pg_sleep(0.6); INSERT INTO social_tip ("),
    ):
        given, _gone = together(
            partial(tip, bob, post, "5.00"),
            lambda: (time.sleep(0.3), operations.remove_post(remover=alice, post_id=post.pk, at=noon)),
        )
    given.refresh_from_db()
    post.refresh_from_db()
    assert post.deleted_at == noon
    assert given.unliked_at is None


def test_two_settlements_at_once_settle_each_tip_once(alice, join, write, tip, noon):
    posts = [write(alice) for _number in range(5)]
    for number in range(6):
        fan = join(f"fan_{number}")
        for post in posts:
            tip(fan, post, "2.00")
    settle = partial(operations.settle_tips, at=noon + DAY, chunk=4)
    outcomes = together(settle, settle, settle)
    assert sum(outcomes) == 30
    assert balance(alice) == D("100.00") + 30 * D("1.20")
    assert Transfer.objects.filter(kind="TIP_SETTLEMENT").count() == 30
    assert books_are_right()


def test_removal_among_tips_take_backs_and_settlement_leaves_every_tip_with_one_end(join, write, tip, noon):
    """Twelve rounds of everything at once on one post; whoever comes late is told so, and no coin is lost."""
    author = join("author")
    fans = [join(f"fan_{number}") for number in range(4)]
    for number in range(12):
        post = write(author)
        old = [tip(fan, post, "1.00", at=noon - DAY) for fan in fans[:2]]
        young = tip(fans[2], post, "2.00")

        outcomes = together(
            partial(operations.remove_post, remover=author, post_id=post.pk, at=noon),
            partial(tip, fans[0], post, "3.00"),
            partial(tip, fans[3], post, "4.00"),
            partial(operations.take_back, spender=fans[2], tip_id=young.pk, channel=WEB, at=noon),
            partial(operations.settle_tips, at=noon),
        )
        assert outcomes[0] is None
        late = [each for each in outcomes[1:4] if not isinstance(each, Tip)]
        assert all(isinstance(each, NotThere | operations.TipResolved) for each in late), outcomes
        operations.settle_tips(at=noon)
        tips = Tip.objects.filter(post=post)
        assert tips.filter(unliked_at=None, settled_at=None).count() == 0
        assert set(tips.filter(settled_at__isnull=False)) == set(old)
        post.refresh_from_db()
        assert (post.total_tokens_received, post.unique_spenders_count) == (D("2.00"), 2), number
        assert post.deleted_at == noon
    assert fund("content") == D("0.00")
    assert [balance(fan) for fan in fans] == [D("88.00"), D("88.00"), D("100.00"), D("100.00")]
    assert not UncountedTip.objects.exists()
    assert books_are_right()


# -- Writing ------------------------------------------------------------------------------------------------------


def test_the_same_words_at_once_are_posted_once(alice, write, noon):
    outcomes = together(*[partial(write, alice, "Say it once.", at=noon) for _number in range(6)])
    assert kinds(outcomes) == {Post: 1, operations.DuplicatePost: 5}


def test_control_writers_who_do_not_wait_for_themselves_say_it_twice(alice, write, noon, rewritten):
    with (
        rewritten("social_lock_writer", ("pg_advisory_xact_lock(uuid_hash_extended(p_writer, 52))", "pg_sleep(0)")),
        rewritten("social_posts_written", ("BEGIN\n", "BEGIN\n  PERFORM pg_sleep(0.3);\n")),
    ):
        outcomes = together(*[partial(write, alice, "Say it once.", at=noon) for _number in range(6)])
    assert kinds(outcomes)[Post] > 1


def test_posts_at_once_pay_as_a_chain(alice, write, noon):
    outcomes = together(*[partial(write, alice, f"Words, number {number}.", at=noon) for number in range(4)])
    assert kinds(outcomes) == {Post: 4}
    assert balance(alice) == D("100.00") - D("0.50") - D("1.00") - D("2.00")


def test_one_key_at_once_posts_once(alice, write, noon):
    outcomes = together(*[partial(write, alice, "Once.", at=noon, key="k") for _number in range(6)])
    assert kinds(outcomes) == {Post: 6}
    assert (len({each.pk for each in outcomes}), Post.objects.count()) == (1, 1)


def test_of_comments_at_once_two_are_free(alice, bob, write, say):
    post = write(alice)
    outcomes = together(*[partial(say, bob, post, f"Number {number}.") for number in range(6)])
    assert kinds(outcomes) == {Comment: 6}
    assert sum(each.was_free for each in outcomes) == 2
    assert (balance(bob), balance(alice)) == (D("98.00"), D("100.60"))
    post.refresh_from_db()
    assert post.comments_count == 6
    assert books_are_right()


def test_one_key_at_once_comments_once(alice, bob, write, say):
    post = write(alice)
    outcomes = together(*[partial(say, bob, post, key="k") for _number in range(6)])
    assert kinds(outcomes) == {Comment: 6}
    assert Comment.objects.count() == 1
    bob.refresh_from_db()
    assert bob.daily_comments_free_remaining == 1


def test_members_who_pay_for_comments_on_each_others_posts_do_not_wait_in_a_circle(join, write, say, figure):
    figure(FREE_COMMENTS_PER_DAY=1)
    members = [join(f"member_{number}") for number in range(4)]
    posts = {member: write(member) for member in members}

    def round_of(member: User) -> None:
        for number in range(12):
            other = members[(members.index(member) + number) % 4]
            say(member, posts[other], f"Number {number}.")

    assert together(*[partial(round_of, member) for member in members]) == [None] * 4
    assert {post.comments_count for post in Post.objects.all()} == {12}
    assert books_are_right()


def test_nobody_pays_for_a_comment_under_a_post_that_is_being_removed(alice, join, write, say, noon, figure):
    figure(FREE_COMMENTS_PER_DAY=0)
    for number in range(10):
        bob = join(f"bob_{number}")
        post = write(alice)
        _gone, comment = together(
            partial(operations.remove_post, remover=alice, post_id=post.pk, at=noon), partial(say, bob, post)
        )
        assert isinstance(comment, Comment | NotThere)
        assert balance(bob) == (D("99.50") if isinstance(comment, Comment) else D("100.00"))
        post.refresh_from_db()
        assert post.comments_count == Comment.objects.filter(post=post).count()


def test_who_waits_too_long_is_told_to_try_again(alice, bob, write, say, tip, noon):
    """As on the web, where nobody waits longer than lock_timeout: a refusal that says so, not a broken page."""
    post = write(alice)
    given = tip(bob, post, "1.00")
    comment = say(bob, post)
    held = threading.Event()
    done = threading.Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT social_lock_writer(%s), social_lock_writer(%s)", [alice.pk, bob.pk])
            cursor.execute("SELECT social_hold_target(%s), social_hold_target(%s)", [post.pk, comment.pk])
            cursor.execute("SELECT 1 FROM accounts_wallet FOR UPDATE")
            cursor.execute("SELECT 1 FROM accounts_page FOR UPDATE")
            held.set()
            done.wait(30)

    def try_everything() -> list[Any]:
        held.wait(30)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        outcomes = []
        for attempt in (
            partial(write, alice),
            partial(operations.edit_post, editor=alice, post_id=post.pk, content="Other words.", at=noon),
            partial(operations.remove_post, remover=alice, post_id=post.pk, at=noon),
            partial(say, bob, post),
            partial(operations.edit_comment, editor=bob, comment_id=comment.pk, content="Other words.", at=noon),
            partial(operations.remove_comment, remover=bob, comment_id=comment.pk, at=noon),
            partial(tip, bob, post, "1.00"),
            partial(operations.take_back, spender=bob, tip_id=given.pk, channel=WEB, at=noon),
            partial(operations.follow, follower=bob, page=alice.primary_page, at=noon),
        ):
            try:
                outcomes.append(attempt())
            except Exception as error:
                outcomes.append(error)
        done.set()
        return outcomes

    _held, outcomes = together(hold, try_everything)
    assert kinds(outcomes) == {Busy: 9}, outcomes
    assert balance(bob) == D("99.00")


def test_following_at_once_counts_once(alice, bob, noon):
    page = alice.primary_page
    together(*[partial(operations.follow, follower=bob, page=page, at=noon) for _number in range(6)])
    page.refresh_from_db()
    assert page.followers_count == 1
    together(*[partial(operations.unfollow, follower=bob, page=page) for _number in range(6)])
    page.refresh_from_db()
    assert page.followers_count == 0


def test_a_hot_crowd_with_little_money_is_never_overdrawn(join, write, tip, noon):
    """Two hundred tips from few wallets in eight threads: only rules refuse, and the books are right."""
    authors = [join(f"author_{number}") for number in range(3)]
    posts = [write(author) for author in authors for _number in range(3)]
    spenders = [join(f"spender_{number}") for number in range(4)]
    for spender in spenders:
        drain(spender, to="40.00", at=noon)

    def spend(seed: int) -> Counter[type]:
        chance = random.Random(seed)
        seen: Counter[type] = Counter()
        for _number in range(25):
            try:
                seen[type(tip(chance.choice(spenders), chance.choice(posts), f"{chance.randint(1, 9)}.00"))] += 1
            except Refused as refusal:
                seen[type(refusal)] += 1
        return seen

    outcomes = together(*[partial(spend, seed) for seed in range(8)])
    seen = sum(outcomes, Counter())
    assert set(seen) <= {Tip, NotEnoughCoins, operations.TipLimitReached}
    assert all(balance(spender) >= 0 for spender in spenders)
    assert fund("content") == sum(Tip.objects.values_list("amount", flat=True))
    assert fund("content") == sum(Post.objects.values_list("total_tokens_received", flat=True))
    assert books_are_right()
