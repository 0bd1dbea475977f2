"""The demo community: everyone in it plays by the rules, and the books are right afterwards."""

from datetime import timedelta
from io import StringIO
from typing import Any

import phonenumbers
import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Sum
from django.utils import timezone

from accounts.badges.models import UserActivity
from accounts.members.models import Page, User
from accounts.members.rules import is_good_username
from accounts.notifications.models import OwedNotice
from accounts.wallets.models import Wallet
from config import demo
from config.demo import community, crowd, writings
from config.demo.people import people
from config.demo.texts import texts, topics
from economy.ledger.models import Posting, Transfer
from economy.ledger.queries import violations
from economy.observatory.models import EconomySnapshot, Leader, SystemState
from economy.observatory.operations import take_snapshot
from economy.stipend.models import StipendDistribution
from economy.tax.models import TaxCollection
from social.bounties.models import Bounty
from social.coauthors.models import CoAuthor
from social.feed.models import Comment, Follow, Post, Tip
from social.pictures.models import Picture
from social.polls.models import Poll


def test_there_is_enough_to_read_and_it_fits():
    said = [(text.content, len(text.remarks)) for text in texts()]
    assert len({content for content, _remarks in said}) >= 120
    assert sum(remarks for _content, remarks in said) >= 200
    assert all(1 <= len(content) <= 2000 for content, _remarks in said)
    assert min(len(content) for content, _remarks in said) < 60 < 1500 < max(len(content) for content, _remarks in said)


def test_the_same_seed_makes_the_same_people():
    assert people(40, seed=3, topics=topics()) == people(40, seed=3, topics=topics())
    assert people(40, seed=3, topics=topics()) != people(40, seed=4, topics=topics())


def test_five_hundred_people_have_names_and_numbers_of_their_own():
    everyone = people(500, seed=1, topics=topics())
    assert len({person.username for person in everyone}) == len({person.phone for person in everyone}) == 500
    assert all(is_good_username(person.username) for person in everyone)
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(person.phone)) for person in everyone)


@pytest.mark.django_db
def test_a_small_town_lives_by_the_rules():
    now = timezone.now()
    community.make(members=24, weeks=3, seed=1, now=now)

    assert violations() == []
    assert User.objects.count() == 24
    assert {phone for _words, phone in demo.sign_ins()} <= {str(user.phone_number) for user in User.objects.all()}
    assert Post.objects.count() >= 20
    assert Comment.objects.exclude(parent=None).exists()
    assert Tip.objects.filter(settled_at__isnull=False).exists()
    assert Poll.objects.filter(closed_at=None, voters_count__gt=3).exists()
    assert Bounty.objects.filter(awarded_at=None, returned_at=None).exists()
    assert Picture.objects.exclude(post=None).exists()
    assert CoAuthor.objects.filter(answer="YES").exists()
    assert TaxCollection.objects.filter(tokens_taxed__gt=0).exists()
    assert StipendDistribution.objects.filter(total_stipend__gt=0).exists()
    assert EconomySnapshot.objects.count() >= 21
    assert Transfer.objects.filter(created_at__gt=now).count() == 0
    own = User.objects.get(phone_number="+12025550103")
    assert (own.role, own.is_early_adopter) == (User.Role.MODERATOR, True)


@pytest.mark.django_db
def test_those_one_can_sign_in_as_have_things_to_look_at():
    community.make(members=24, weeks=3, seed=1, now=timezone.now())

    ana = User.objects.get(phone_number="+12025550101")
    assert (ana.email, ana.email_verified) == ("ana@example.org", True)
    assert set(ana.pages.values_list("username", flat=True)) == {"ana", "seed_swap"}
    assert ana.profile.website
    assert ana.profile.preferences["time_zone"] == "Europe/Lisbon"
    assert ana.badges.filter(badge__name="Good neighbour").exists()
    assert ana.badges.count() >= 4
    assert ana.notifications.filter(read_at=None).exists()
    assert ana.notifications.exclude(read_at=None).exists()
    assert ana.muted_words.count() == 2
    tomas = User.objects.get(phone_number="+12025550102")
    assert tomas.invited_by_use.invitation.inviter == ana
    assert tomas.wallet.balance == 105
    assert Page.objects.filter(is_primary=False).count() >= 3
    assert User.objects.filter(email_verified=True).count() < User.objects.count()


@pytest.mark.django_db
def test_a_story_that_breaks_off_leaves_neither_rows_nor_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    written = set()

    class Enough(Exception):
        pass

    def break_off(_part: float) -> None:
        written.update(path for path in tmp_path.rglob("*") if path.is_file())
        if written:
            raise Enough

    with pytest.raises(Enough):
        community.make(members=24, weeks=3, seed=1, now=timezone.now(), progress=break_off)
    assert written
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_crowd_has_what_everyone_who_joins_has(join: Any):
    ordinary = join("ordinary")
    crowd.make(members=60, weeks=2, seed=1, now=timezone.now())

    assert violations() == []
    crowded = User.objects.exclude(pk=ordinary.pk)
    assert crowded.count() == 60
    for made in crowded.select_related("wallet", "profile"):
        assert made.primary_page.username
        assert made.wallet.lock_version == made.wallet.postings.count() >= 1
    assert Posting.objects.filter(kind="SIGNUP_GRANT", wallet__user__in=crowded, amount=100).count() == 60
    assert Wallet.objects.values("balance").distinct().count() > 20
    assert UserActivity.objects.filter(user__in=crowded).exists()
    assert Page.objects.filter(posts_count__gt=0).exists()

    # The public figures know them at once.
    assert SystemState.objects.get().members == EconomySnapshot.objects.latest("day").members == 61
    assert Leader.objects.filter(board="WALLETS").count() == 61

    crowd.make(members=10, weeks=2, seed=2, now=timezone.now() + timedelta(seconds=1))
    assert crowded.count() == 70


@pytest.mark.django_db
def test_days_before_a_crowd_are_drawn_anew_with_it(join: Any):
    now = timezone.now()
    join("ordinary", at=now - timedelta(days=30))
    for back in (3, 2, 1):
        take_snapshot(at=now - timedelta(days=back))
    crowd.make(members=600, weeks=2, seed=1, now=now)
    days = list(EconomySnapshot.objects.order_by("day"))
    members = [day.members for day in days]
    assert members == sorted(members) and members[0] > 400 and members[-1] == 601
    for day in days:
        assert day.in_wallets + day.treasury == day.ever_created
        assert 0 <= day.gini < 1
    assert days[-2].gini > 0


@pytest.mark.django_db
def test_a_house_that_is_lived_in_is_left_alone(alice: Any):
    with pytest.raises(CommandError, match="members already"):
        call_command("demo", stdout=StringIO())
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_a_crowd_writes_follows_and_tips_by_the_books():
    now = timezone.now()
    crowd.make(members=300, weeks=3, seed=1, now=now)
    posts = Post.objects.count()
    writings.write(posts=400, follows=900, weeks=3, seed=1, now=now)
    assert Post.objects.count() == posts + 400
    assert 500 < Follow.objects.count() <= 900
    assert not Follow.objects.filter(page__user=F("follower")).exists()
    tips = Tip.objects.all()
    assert tips.count() > 50
    assert tips.filter(settled_at__isnull=False).exists()
    for post in Post.objects.filter(unique_spenders_count__gt=0):
        given = post.tips.aggregate(coins=Sum("amount"), spenders=Count("spender", distinct=True))
        assert (post.total_tokens_received, post.unique_spenders_count) == (given["coins"], given["spenders"])
    assert not tips.filter(created_at__lt=F("spender__created_at")).exists()
    assert not OwedNotice.objects.filter(type="tip").exists()
    call_command("ledger", "check")
