"""Tips of posts that several have written: divided when given, paid when settled, returned whole."""

from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.members import boundaries
from accounts.members.models import Page, User
from accounts.notifications.models import Notification
from accounts.notifications.operations import gather
from config.lib.periods import Period
from economy.ledger import causes
from economy.ledger import queries as books
from economy.ledger.models import Posting
from economy.ledger.queries import pending_for
from economy.vault.models import VaultDeposit
from social.coauthors.tests.conftest import D, parts
from social.feed import operations, queries, rules
from social.feed.models import TipShare
from social.feed.operations import OwnContent, SharedContent
from social.feed.tests.conftest import WEB, balance, books_are_right, fund, together

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def carol(join):
    return join("carol")


def settle(noon):
    return operations.settle_tips(at=noon + DAY)


# -- What each gets -----------------------------------------------------------------------------------------------


def test_a_tip_is_divided_as_it_is_given_and_paid_as_it_is_settled(
    alice, bob, mallory, carol, together_with, tip, noon
):
    given = tip(carol, together_with(alice, bob=25, mallory=10), "10.00")
    assert (given.to_creator, parts(given)) == (D("6.00"), {"bob": D("1.50"), "mallory": D("0.60")})
    assert [pending_for(who) for who in (alice, bob, mallory)] == [D("3.90"), D("1.50"), D("0.60")]
    assert settle(noon) == 1
    assert [balance(who) for who in (alice, bob, mallory)] == [D("103.90"), D("101.50"), D("100.60")]
    assert (fund("content"), fund("treasury"), fund("burned")) == (D("0.00"), D("2.00"), D("2.00"))
    assert [pending_for(who) for who in (alice, bob, mallory)] == [D("0.00")] * 3
    put = VaultDeposit.objects.order_by("amount").values_list("wallet__user", "amount")
    assert list(put) == [(mallory.pk, D("0.06")), (bob.pk, D("0.15")), (alice.pk, D("0.39"))]
    earned = {page.username: page.total_tokens_earned for page in Page.objects.all()}
    assert earned == {"alice": D("3.90"), "bob": D("1.50"), "mallory": D("0.60"), "carol": D("0.00")}
    assert Posting.objects.filter(kind="TIP_SETTLEMENT").values("transfer").distinct().count() == 1
    assert settle(noon) == 0
    assert books_are_right()


def test_an_odd_tip_rounds_the_shares_down_and_leaves_the_rest_to_the_writer(
    alice, bob, mallory, carol, together_with, tip, noon
):
    given = tip(carol, together_with(alice, bob=25, mallory=10), "3.33")
    assert (given.to_creator, parts(given)) == (D("2.01"), {"bob": D("0.50"), "mallory": D("0.20")})
    settle(noon)
    assert balance(alice) == D("101.31")
    assert books_are_right()


@given(st.integers(0, 10_000), st.lists(st.integers(1, 19), max_size=5))
@example(1, [99])
@example(600, [95, 1, 1, 1, 1])
def test_the_writer_is_never_left_out(cents, percents):
    to_creator = D(cents) / 100
    shares = rules.share_out(to_creator, [D(percent) / 100 for percent in percents])
    assert all(part >= 0 for part in shares)
    assert to_creator - sum(shares) > 0 or to_creator == 0


def test_the_page_says_beforehand_what_the_database_does(alice, bob, mallory, join, together_with, tip):
    post = together_with(alice, bob=33, mallory=7)
    post.refresh_from_db()
    for cents in (100, 101, 333, 777, 999, 1000):
        giver = join(f"giver_{cents}")
        given = tip(giver, post, str(D(cents) / 100))
        writer, *others = queries.parts_of_tip(post, given.to_creator, giver)
        assert {part.page.username: part.coins for part in others} == parts(given)
        assert writer.coins + sum(part.coins for part in others) == given.to_creator


@pytest.mark.parametrize("blocker", ["bob", "carol"])
def test_nothing_reaches_a_co_author_across_a_block(alice, bob, carol, mallory, together_with, tip, now, blocker):
    post = together_with(alice, bob=50, mallory=10)
    post.refresh_from_db()
    who, whom = (bob, carol) if blocker == "bob" else (carol, bob)
    boundaries.block(member=who, page=whom.primary_page, at=now)
    given = tip(carol, post, "10.00")
    assert parts(given) == {"mallory": D("0.60")}
    writer, *others = queries.parts_of_tip(post, given.to_creator, carol)
    assert ({part.page.username: part.coins for part in others}, writer.coins) == (parts(given), D("5.40"))


def test_a_share_of_less_than_a_cent_is_none(alice, bob, carol, together_with, tip):
    assert parts(tip(carol, together_with(alice, bob=1), "1.00")) == {}


# -- When ---------------------------------------------------------------------------------------------------------


def test_what_becomes_of_a_tip_is_fixed_when_it_is_given(alice, bob, carol, together_with, agree, tip, noon):
    post = together_with(alice, agreed=False, bob=50)
    before = tip(carol, post, "1.00")
    agree(bob, post)
    during = tip(carol, post, "2.00")
    agree(bob, post, agrees=False)
    after = tip(carol, post, "3.00")
    assert [parts(one) for one in (before, during, after)] == [{}, {"bob": D("0.60")}, {}]
    settle(noon)
    assert balance(bob) == D("100.60")


def test_comments_on_a_shared_post_are_their_writers_own(alice, bob, carol, together_with, say, tip):
    post = together_with(alice, bob=50)
    assert parts(tip(carol, say(alice, post), "5.00")) == {}
    assert parts(tip(bob, say(alice, post), "5.00")) == {}  # whoever shares in the post may tip them


def test_who_shares_does_not_tip_the_post_and_who_is_asked_still_may(alice, bob, mallory, together_with, agree, tip):
    post = together_with(alice, agreed=False, bob=50)
    tip(bob, post, "1.00")
    agree(bob, post)
    with pytest.raises(SharedContent):
        tip(bob, post, "1.00")
    with pytest.raises(OwnContent):
        tip(alice, post, "1.00")


def test_the_api_says_own_content_for_it(api, alice, bob, together_with):
    answer = api(bob).post(f"/api/v1/posts/{together_with(alice, bob=50).pk}/tips", {"amount": "1.00"})
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (422, "own-content")


@pytest.mark.parametrize("status", ["SUSPENDED", "BANNED", "CLOSED"])
def test_who_may_not_earn_does_not_share_meanwhile(alice, bob, carol, together_with, tip, noon, status):
    post = together_with(alice, bob=50)
    promised = tip(carol, post, "1.00")
    User.objects.filter(pk=bob.pk).update(status=status)
    assert parts(tip(carol, post, "2.00")) == {}
    settle(noon)
    assert balance(bob) == D("100.30")  # what was promised before is paid
    assert parts(promised) == {"bob": D("0.30")}
    assert books_are_right()


# -- Back ---------------------------------------------------------------------------------------------------------


def test_a_tip_taken_back_or_removed_returns_whole(alice, bob, carol, together_with, tip, noon):
    post = together_with(alice, bob=50)
    back = tip(carol, post, "3.00")
    operations.take_back(spender=carol, tip_id=back.pk, channel=WEB, at=noon + HOUR)
    tip(carol, post, "4.00")
    operations.remove_post(remover=alice, post_id=post.pk, at=noon + HOUR)
    assert [balance(who) for who in (alice, bob, carol)] == [D("100.00")] * 3
    assert [pending_for(who) for who in (alice, bob)] == [D("0.00")] * 2
    assert settle(noon) == 0
    assert books_are_right()


def test_a_removed_post_pays_what_was_settled_to_all(alice, bob, carol, together_with, tip, noon):
    post = together_with(alice, bob=50)
    tip(carol, post, "10.00")
    settle(noon)
    operations.remove_post(remover=alice, post_id=post.pk, at=noon + DAY)
    assert [balance(who) for who in (alice, bob, carol)] == [D("103.00"), D("103.00"), D("90.00")]


# -- Who is told, and what counts ---------------------------------------------------------------------------------


def test_all_hear_of_a_tip_each_with_their_part(alice, bob, carol, together_with, tip, now):
    post = together_with(alice, bob=50)
    tip(carol, post, "10.00", at=now)
    gather(at=now)
    assert [n.title for n in bob.notifications.filter(type="tip")] == ["Carol tipped you 3.00"]
    assert [n.title for n in alice.notifications.filter(type="tip")] == ["Carol tipped you 10.00"]


def test_none_of_them_hears_of_it_any_more_once_it_is_taken_back(alice, bob, carol, together_with, tip, now):
    post = together_with(alice, bob=50)
    given = tip(carol, post, "10.00", at=now)
    gather(at=now)
    assert {one.user_id for one in Notification.objects.filter(type="tip")} == {alice.pk, bob.pk}
    operations.take_back(spender=carol, tip_id=given.pk, channel=WEB, at=now)
    gather(at=now)
    assert not Notification.objects.filter(type="tip").exists()


def test_the_statement_of_a_co_author_says_what_for_and_from_whom(alice, bob, mallory, carol, together_with, tip, noon):
    post = together_with(alice, bob=50)
    tip(carol, post, "10.00")
    settle(noon)
    (line,) = books.statement(wallet=bob.wallet, kind="TIP_SETTLEMENT")
    assert line.amount == D("3.00")
    assert books.counterparties(bob.wallet, [line])[line.transfer_id].username == "carol"
    assert causes.causes_of([line])[line.transfer_id].url == f"/p/{post.pk}/"
    for page, found in ((carol.primary_page, [D("3.00")]), (mallory.primary_page, [])):
        lines = books.statement(wallet=bob.wallet, kind="TIP_SETTLEMENT", page=page)
        assert [one.amount for one in lines] == found


def test_the_stipend_counts_to_each_what_reached_them(alice, bob, carol, together_with, tip, noon):
    from django.db import connection

    from social.feed.queries import SETTLED_TIPS

    tip(carol, together_with(alice, bob=25), "10.00")
    settle(noon)
    week = Period.of(noon)
    with connection.cursor() as cursor:
        cursor.execute(SETTLED_TIPS, {"start": week.start, "end": week.end})
        assert sorted(cursor.fetchall()) == sorted([(carol.pk, alice.pk, D("4.50")), (carol.pk, bob.pk, D("1.50"))])


# -- Races --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_settlement_take_backs_tips_and_answers_at_once_leave_the_books_right(
    alice, bob, mallory, carol, join, together_with, agree, tip, noon
):
    givers = [join(f"giver_{number}") for number in range(4)]
    crossed = [together_with(alice, bob=40, mallory=30), together_with(bob, alice=40), together_with(mallory, bob=20)]
    for post in crossed:
        for giver in (carol, *givers):
            tip(giver, post, "3.33")
    own = [tip(giver, crossed[0], "1.00", at=noon + HOUR) for giver in givers]
    done = together(
        lambda: settle(noon),
        lambda: settle(noon),
        lambda: agree(bob, crossed[0], agrees=False),
        lambda: operations.remove_post(remover=bob, post_id=crossed[1].pk, at=noon + DAY),
        *[
            lambda given=given: operations.take_back(spender=given.spender, tip_id=given.pk, channel=WEB, at=noon + DAY)
            for given in own
        ],
        *[lambda post=post: tip(carol, post, "1.00", at=noon + DAY) for post in (crossed[0], crossed[2])],
    )
    assert not [one for one in done if isinstance(one, Exception)], done
    assert done[0] + done[1] == 15
    assert books_are_right()
    assert not TipShare.objects.filter(coins__lte=0).exists()


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_a_tip_of_oneself_at_once_never_pay_oneself(alice, bob, together_with, agree, tip):
    for _round in range(10):
        post = together_with(alice, agreed=False, bob=50)
        together(lambda post=post: agree(bob, post), lambda post=post: tip(bob, post, "1.00"))
        assert not TipShare.objects.filter(tip__post=post, user=bob, tip__spender=bob).exists()
