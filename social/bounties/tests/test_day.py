"""What may be given away in a day: gifts and awarded bounties together; and how many bounties may be open."""

from datetime import timedelta
from decimal import Decimal as D
from functools import partial

import pytest
from django.db import connection, transaction

from accounts.wallets.models import Wallet
from economy.cycle.tests.weeks import hold
from economy.ledger import operations as ledger
from economy.ledger.models import Posting
from economy.ledger.operations import GiftLimitReached, NotEnoughCoins
from economy.ledger.queries import violations
from social.bounties import operations
from social.bounties.models import Bounty
from social.bounties.operations import BountyOutOfBounds, NoBounties, TooManyBounties
from social.feed.models import Post
from social.feed.operations import remove_post
from social.feed.tests.conftest import WEB, balance, together
from social.feed.tests.over_http import API, is_problem

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def rich(alice, noon):
    return hold(alice, "5000.00", at=noon - DAY)


def award(author, post, comment, at):
    return operations.award_bounty(author=author, post_id=post.pk, comment_id=comment.pk, channel=WEB, at=at)


def give(giver, receiver, coins, at):
    wallets = {"giver": Wallet.objects.get(user=giver), "receiver": Wallet.objects.get(user=receiver)}
    return ledger.give(**wallets, coins=D(coins), memo="", key=None, channel=WEB, at=at)


def is_refused(left):
    return pytest.raises(GiftLimitReached, match=f"You can give away 500.00 coins a day; {left} are left today.")


def test_gifts_and_awards_share_the_day(rich, bob, promise, say, noon):
    large, small = promise(rich, "200.01"), promise(rich, "200.00")
    answers = [say(bob, large), say(bob, small)]
    give(rich, bob, "300.00", noon)
    with is_refused("200.00"):
        award(rich, large, answers[0], noon)
    assert Bounty.objects.filter(awarded_at=None, resolved_by=None).count() == 2
    award(rich, small, answers[1], noon)
    with is_refused("0.00"):
        give(rich, bob, "0.01", noon)
    award(rich, small, answers[1], noon)  # choosing it again changes nothing

    award(rich, large, answers[0], noon + DAY)  # another day
    with is_refused("299.99"):
        give(rich, bob, "300.00", noon + DAY)
    give(rich, bob, "299.99", noon + DAY)
    assert balance(bob) == D("100.00") + D("300.00") + D("200.00") + D("200.01") + D("299.99")
    assert violations() == []


def test_the_day_ends_at_midnight(rich, bob, promise, say, noon):
    posts = [promise(rich, "400.00") for _number in range(2)]
    answers = [say(bob, post) for post in posts]
    midnight = noon + timedelta(hours=12)
    award(rich, posts[0], answers[0], midnight - timedelta(microseconds=1))
    with is_refused("100.00"):
        award(rich, posts[1], answers[1], midnight - timedelta(microseconds=1))
    award(rich, posts[1], answers[1], midnight)


def test_one_of_another_day_that_was_overtaken_counts_with_it(rich, bob, promise, say, noon):
    """As with gifts: whoever comes to the wallet second, by a clock that is a moment behind, begins no day anew."""
    posts = [promise(rich, "400.00") for _number in range(2)]
    answers = [say(bob, post) for post in posts]
    midnight = noon + timedelta(hours=12)
    award(rich, posts[0], answers[0], midnight)
    with is_refused("100.00"):
        award(rich, posts[1], answers[1], midnight - timedelta(milliseconds=1))
    with is_refused("100.00"):
        give(rich, bob, "100.01", midnight)


def test_five_bounties_to_a_friend_go_no_faster_than_gifts(rich, bob, promise, say, noon, figure):
    figure(FREE_COMMENTS_PER_DAY=5)
    posts = [promise(rich, "500.00") for _number in range(5)]
    answers = [say(bob, post) for post in posts]
    for number, (post, answer) in enumerate(zip(posts, answers, strict=True)):
        award(rich, post, answer, noon + number * DAY)
        for later, its_answer in list(zip(posts, answers, strict=True))[number + 1 :]:
            with is_refused("0.00"):
                award(rich, later, its_answer, noon + number * DAY)
    assert balance(bob) == D("2600.00")


def test_whoever_gets_it_gives_as_before(rich, bob, promise, say, noon):
    post = promise(rich, "500.00")
    award(rich, post, say(bob, post), noon)
    give(bob, rich, "500.00", noon)


def test_what_cannot_be_awarded_any_more_goes_back(rich, bob, promise, say, noon, figure):
    post = promise(rich, "25.00")
    answer = say(bob, post)
    figure(GIFT_DAILY_MAX=D(20))
    with pytest.raises(GiftLimitReached):
        award(rich, post, answer, noon)
    assert operations.return_bounties(at=noon + 7 * DAY) == 1
    assert (balance(rich), violations()) == (D("5000.00"), [])


def test_a_bounty_that_could_never_be_awarded_is_not_offered(rich, promise, figure):
    figure(BOUNTY_MAX=D(1000), GIFT_DAILY_MAX=D(20))
    with pytest.raises(BountyOutOfBounds, match=r"A bounty is 1\.00 to 20 coins\."):
        promise(rich, "20.01")
    promise(rich, "20.00")
    for most in (D("0.99"), D(0)):
        figure(GIFT_DAILY_MAX=most)
        with pytest.raises(NoBounties):
            promise(rich, "1.00")
    assert balance(rich) == D("4980.00")


def test_the_doors_say_so(rich, bob, promise, say, now, api, client, figure):
    figure(GIFT_DAILY_MAX=D("20.00"))
    first, second = (promise(rich, "15.00", at=now - timedelta(minutes=30 * number)) for number in (2, 1))
    answers = {post: say(bob, post, at=now) for post in (first, second)}
    award(rich, first, answers[first], now)
    path, chosen = f"{API}/posts/{second.pk}/bounty/award", {"comment": str(answers[second].pk)}
    assert is_problem(api(rich).post(path, chosen), 422, "gift-limit")
    client.force_login(rich)
    refused = client.post(f"/c/{answers[second].pk}/award/", {})
    said = "You can give away 20.00 coins a day; 5.00 are left today."
    assert (refused.status_code, said in refused.content.decode()) == (422, True)

    asked = {"content": "How long?", "bounty": {"amount": "20.01"}}
    assert is_problem(api(rich).post(f"{API}/posts", asked), 422, "bounty-limit")
    page = client.post("/write/", {"content": "How long?", "bounty-amount": "20.01", "bounty-days": "7"})
    text = page.content.decode()
    assert (page.status_code, "A bounty is 1.00 to 20.00 coins." in text, 'value="20.01"' in text) == (422, True, True)


# -- How many are open ----------------------------------------------------------------------------------------------


def test_only_so_many_are_open(rich, bob, promise, say, noon, figure):
    figure(BOUNTIES_OPEN=2)
    first, second = promise(rich), promise(rich)
    with pytest.raises(TooManyBounties, match="You can have 2 bounties open at a time") as refused:
        promise(rich)
    assert (refused.value.part, refused.value.field) == ("bounty", "amount")
    assert Post.objects.count() == 2
    award(rich, first, say(bob, first), noon)
    third = promise(rich)
    with pytest.raises(TooManyBounties):
        promise(rich)
    remove_post(remover=rich, post_id=second.pk, at=noon)
    promise(rich)
    operations.return_bounties(at=third.created_at + 8 * DAY)
    promise(rich), promise(rich)
    promise(bob)
    with pytest.raises(NotEnoughCoins):
        promise(bob, "100.01")


def test_ten_unless_the_community_decides_otherwise(rich, promise):
    for _number in range(10):
        promise(rich, "1.00")
    with pytest.raises(TooManyBounties):
        promise(rich, "1.00")


def test_with_none_open_there_are_none(rich, promise, figure):
    figure(BOUNTIES_OPEN=0)
    with pytest.raises(NoBounties):
        promise(rich)


def test_the_composer_says_that_it_is_enough(rich, promise, client, api, figure, now):
    figure(BOUNTIES_OPEN=1)
    promise(rich, at=now - timedelta(hours=1))
    assert is_problem(
        api(rich).post(f"{API}/posts", {"content": "How?", "bounty": {"amount": "5"}}), 422, "bounties-open"
    )
    client.force_login(rich)
    page = client.post("/write/", {"content": "How?", "bounty-amount": "5", "bounty-days": "7"})
    text = page.content.decode()
    assert (page.status_code, "open at a time" in text, 'value="5"' in text) == (422, True, True)


# -- All at once ----------------------------------------------------------------------------------------------------


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Real threads: the day is counted on the wallet, open bounties under its lock."""

    def _give_away(self, rich, bob, promise, say, noon, *, gifts):
        posts = [promise(rich, "200.00") for _number in range(4)]
        answers = [say(bob, post, f"Answer {number}.") for number, post in enumerate(posts)]
        awards = [partial(award, rich, post, answer, noon) for post, answer in zip(posts, answers, strict=True)]
        outcomes = together(*awards, *[partial(give, rich, bob, "200.00", noon)] * gifts)
        assert [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, GiftLimitReached)] == []
        got = Posting.objects.filter(wallet__user=bob, kind__in=["GIFT", "BOUNTY_AWARD"])
        return sum(line.amount for line in got)

    def test_gifts_and_awards_at_once_stay_within_the_day(self, rich, bob, promise, say, noon):
        assert self._give_away(rich, bob, promise, say, noon, gifts=4) == D("400.00")
        assert violations() == []

    def test_without_the_lock_they_would_not(self, rich, bob, promise, say, noon, rewritten):
        """The control: the giver's wallet is not held, and the day is read before it is written."""
        careless = """SELECT w.gifts_coins + p_coins INTO v_given FROM accounts_wallet w WHERE w.id = p_wallet;
            PERFORM pg_sleep(0.3);
            UPDATE accounts_wallet w SET gifts_on = v_day, gifts_coins = v_given WHERE w.id = p_wallet;
            IF v_given > p_daily_most THEN"""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_functiondef('ledger_count_given'::regproc)")
            counts = cursor.fetchone()[0]
        lines = counts[counts.index("UPDATE accounts_wallet") : counts.index("IF v_given > p_daily_most THEN")]
        with (
            rewritten("social_award_bounty", ("ledger_lock_wallets(ARRAY[v_answer.wallet, v_giver])", "1")),
            rewritten("ledger_count_given", (f"{lines}IF v_given > p_daily_most THEN", careless)),
        ):
            assert self._give_away(rich, bob, promise, say, noon, gifts=0) > D("400.00")

    def _offer(self, rich, write, noon):
        posts = [write(rich) for _number in range(6)]

        def offer(post):
            with transaction.atomic():
                return operations.offer_bounty(author=rich, post=post, coins=D("5.00"), lasts=DAY, channel=WEB, at=noon)

        outcomes = together(*[partial(offer, post) for post in posts])
        assert [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, TooManyBounties)] == []
        return Bounty.objects.count()

    def test_of_many_promises_at_once_so_many_are_open(self, rich, write, noon, figure):
        figure(BOUNTIES_OPEN=2)
        assert self._offer(rich, write, noon) == 2

    def test_without_the_lock_there_would_be_more(self, rich, write, noon, figure, rewritten):
        figure(BOUNTIES_OPEN=2)
        counted = "IF v_open >= p_most THEN"
        with rewritten(
            "social_offer_bounty",
            ("PERFORM ledger_lock_wallets(ARRAY[v_wallet]);", ""),
            (counted, f"PERFORM pg_sleep(0.3); {counted}"),
        ):
            assert self._offer(rich, write, noon) > 2
