"""Every kind of movement that there is today reads well in the statement, and leads to what caused it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

import pytest
import time_machine
from django.urls import reverse

from accounts.badges.models import UserActivity
from config.lib.periods import Period
from economy.ledger import causes
from economy.ledger import operations as ledger
from economy.ledger import queries as books
from economy.ledger.models import Fund, Transfer, TransferKind
from economy.rewards import operations as rewards
from economy.rewards.models import RewardRule
from economy.stipend.operations import pay_stipends
from economy.tax.operations import collect_taxes
from economy.vault.models import VaultDeposit
from economy.withdrawals import operations as withdrawals
from social.boosts.operations import boost_post
from social.feed import operations as feed

WEB = Transfer.Channel.WEB
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
A_DAY = timedelta(hours=25)
BANK = {"holder": "Alice Example", "iban": "DE89370400440532013000"}


@pytest.fixture
def post(alice):
    RewardRule.objects.filter(slug="first-post").update(is_on=False)
    return feed.write_post(author=alice, content="On tea.", channel=WEB, at=NOON)


@pytest.fixture
def here(post):
    """Where the post is."""
    return reverse("social:read_post", args=[post.pk])


def have(member, coins, at=NOON):
    ledger.move(
        kind=TransferKind.CORRECTION,
        at=at,
        wallets=[(member.wallet.pk, D(coins))] if member else [],
        funds=[(Fund.ISSUANCE, -D(coins)), *([] if member else [(Fund.TREASURY, D(coins))])],
        actor=None,
        channel=Transfer.Channel.ADMIN,
    )


def newest(member):
    """The newest line of a member as the page has it: what it is called, with whom, about what, leading where."""
    line = books.statement(wallet=member.wallet).order_by("-lock_version").first()
    page = books.counterparties(member.wallet, [line]).get(line.transfer_id)
    cause = causes.causes_of([line]).get(line.transfer_id)
    return (
        causes.title_of(line, member=member),
        page.username if page else "",
        *((cause.label, cause.url) if cause else ("", "")),
    )


def tip(spender, post, coins="10.00"):
    return feed.tip_post(spender=spender, post_id=post.pk, coins=D(coins), channel=WEB, at=NOON)


def test_a_welcome_grant_stands_alone(alice):
    assert newest(alice) == ("Welcome grant", "", "", "")


def test_tips_on_both_sides(alice, bob, post, here):
    tip(bob, post)
    assert newest(bob) == ("Tip", "alice", "On tea.", here)
    feed.settle_tips(at=NOON + A_DAY)
    assert newest(alice) == ("Tip received", "bob", "On tea.", here)
    tip_line = books.statement(wallet=alice.wallet, kind="TIP_SETTLEMENT").get()
    assert VaultDeposit.objects.get(wallet=alice.wallet).source_transfer_id == tip_line.transfer_id


def test_a_tip_that_came_back_says_who_brought_it_back(alice, bob, mallory, post, here):
    made = tip(bob, post)
    feed.take_back(spender=bob, tip_id=made.pk, channel=WEB, at=NOON)
    assert newest(bob) == ("Tip taken back", "alice", "On tea.", here)
    tip(mallory, post)
    feed.remove_post(remover=alice, post_id=post.pk, channel=WEB, at=NOON)
    assert newest(mallory) == ("Tip returned", "alice", "a post that is gone", "")


def test_a_paid_comment_on_both_sides(alice, bob, post, here):
    for words in ("One.", "Two.", "Three."):
        said = feed.write_comment(author=bob, post_id=post.pk, content=words, channel=WEB, at=NOON)
    where = f"{here}?comment={said.pk}#comment-{said.pk}"
    assert newest(bob) == ("Paid comment", "alice", "Three.", where)
    assert newest(alice) == ("Paid comment", "bob", "Three.", where)


def test_a_rapid_post_and_a_boost_lead_to_their_posts(alice, post, here):
    boost_post(author=alice, post_id=post.pk, channel=WEB, at=NOON)
    assert newest(alice) == ("Boost", "", "On tea.", here)
    second = feed.write_post(author=alice, content="On coffee.", channel=WEB, at=NOON)
    assert newest(alice) == ("Rapid post", "", "On coffee.", reverse("social:read_post", args=[second.pk]))


def test_a_gift_on_both_sides(alice, bob):
    ledger.give(giver=alice.wallet, receiver=bob.wallet, coins=D("3.00"), memo="tea", key=None, channel=WEB, at=NOON)
    assert newest(alice) == ("Gift", "bob", "", "")
    assert newest(bob) == ("Gift", "alice", "", "")


def test_tax_and_stipend_lead_to_their_week(join):
    week = Period.parse("2026-W46")
    alice = join("alice", at=week.start - timedelta(days=60))
    have(alice, "1100.00", at=week.start - timedelta(days=1))
    UserActivity.objects.create(user=alice, day=week.start.date())
    where = "/economy/runs/2026-W46/#mine"
    collect_taxes(period=week, end=week.end, at=week.end)
    assert newest(alice) == ("Weekly tax", "", "week 2026-W46", where)
    pay_stipends(period=week, end=week.end, at=week.end)
    assert newest(alice) == ("Weekly stipend", "", "week 2026-W46", where)


def test_a_reward_says_what_it_was_for(bob):
    have(None, "100.00")
    RewardRule.objects.filter(slug="first-post").update(is_on=True, minimum_length=0)
    first = feed.write_post(author=bob, content="Hello.", channel=WEB, at=NOON)
    rewards.pay_rewards(at=NOON)
    where = reverse("social:read_post", args=[first.pk])
    assert newest(bob) == ("Reward", "", "You got this for your first post.", where)
    rewards.withdraw(cause=("post", first.pk), at=NOON)
    rewards.take_back_rewards(at=NOON)
    title, _page, words, _url = newest(bob)
    assert title == "Reward taken back"
    assert words == "Given for your first post; it went back because what it was for was removed."


def test_a_withdrawal_leads_to_its_request(alice, admin_member):
    have(alice, "1000.00")
    asked = withdrawals.ask_for_withdrawal(member=alice, amount=D("500.00"), method="BANK", details=BANK, at=NOON)
    withdrawals.approve(staff=admin_member, request_id=asked.pk, reason="Seen", at=NOON)
    withdrawals.mark_paid(staff=admin_member, request_id=asked.pk, reference="R1", at=NOON)
    assert newest(alice) == ("Withdrawal", "", "the request", reverse("economy:withdrawal", args=[asked.pk]))


def test_a_grant_tells_its_reason(client, alice, admin_member):
    ledger.grant_by_staff(staff=admin_member, receiver=alice.wallet, coins=D("5.00"), reason="Prize", key="k", at=NOON)
    assert newest(alice)[0] == "Grant by staff"
    client.force_login(alice)
    assert "Prize" in client.get("/wallet/").content.decode()


class TestPages:
    """What the lines lead to."""

    @pytest.fixture(autouse=True)
    def _it_is_then(self):
        with time_machine.travel(NOON + A_DAY, tick=False):
            yield

    @pytest.fixture
    def receipt(self, client, alice, bob, post):
        """The page of a tip of 10.00 that alice got, and the client that she uses."""
        tip(bob, post)
        feed.settle_tips(at=NOON + A_DAY)
        client.force_login(alice)
        return reverse(
            "economy:movement", args=[books.statement(wallet=alice.wallet, kind="TIP_SETTLEMENT").get().transfer_id]
        )

    def test_an_earning_tells_what_of_it_waits_in_the_vault(self, client, receipt):
        page = client.get(receipt).content.decode()
        assert "Tip received" in page and "0.60 coins" in page and "/wallet/vault/" in page

    def test_the_vault_leads_back_to_the_earning(self, client, receipt):
        page = client.get("/wallet/vault/").content.decode()
        assert f'href="{receipt}"' in page and "Tip received" in page

    def test_a_gift_leaves_nothing_in_the_vault(self, client, alice, bob, receipt):
        made = ledger.give(
            giver=bob.wallet, receiver=alice.wallet, coins=D("1.00"), memo="", key=None, channel=WEB, at=NOON + A_DAY
        )
        page = client.get(reverse("economy:movement", args=[made.transfer_id])).content.decode()
        assert "In the vault" not in page

    def test_mallory_finds_neither(self, client, mallory, receipt):
        client.force_login(mallory)
        assert client.get(receipt).status_code == 404
        assert receipt not in client.get("/wallet/vault/").content.decode()


def test_no_kind_is_called_by_its_code():
    for kind in TransferKind:
        assert str(kind.label) != kind.value and "_" not in str(kind.label)
