import base64
import json
from datetime import timedelta

import jwt
import pytest
import time_machine
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from accounts.members.models import User
from accounts.signin import operations, queries, tokens
from accounts.signin.models import TokenFamily

pytestmark = pytest.mark.django_db


def begin(member):
    return operations.begin_family(member=member, address="203.0.113.7", user_agent="curl/8", at=timezone.now())


def refresh(token):
    return operations.refresh(token=token, at=timezone.now())


def works(access):
    claims = tokens.read_access(access)
    return claims is not None and queries.member_of_access(claims, at=timezone.now()) is not None


def forged(member, key, algorithm="HS256", **changes):
    """A refresh token as we would write it, except for the changes."""
    pair = begin(member)
    claims = jwt.decode(pair.refresh, options={"verify_signature": False})
    return jwt.encode(claims | changes, key, algorithm=algorithm)


def test_a_pair_lives_fifteen_minutes_and_fourteen_days(alice):
    pair = begin(alice)
    access = jwt.decode(pair.access, options={"verify_signature": False})
    renewal = jwt.decode(pair.refresh, options={"verify_signature": False})
    assert access["exp"] - access["iat"] == 15 * 60
    assert renewal["exp"] - renewal["iat"] == 14 * 24 * 3600
    for claims in (access, renewal):
        assert (claims["iss"], claims["aud"]) == ("civitas", "civitas-api")
        assert (claims["user_id"], claims["version"]) == (str(alice.pk), alice.token_version)
    assert access["family"] == renewal["family"] == str(TokenFamily.objects.get().pk)
    assert jwt.get_unverified_header(pair.access)["alg"] == "HS256"


def test_a_refresh_rotates_the_token(alice):
    first = begin(alice)
    second = refresh(first.refresh)
    assert second.jti != first.jti
    assert TokenFamily.objects.get().current_jti == second.jti
    assert works(first.access)
    assert works(second.access)
    third = refresh(second.refresh)
    assert works(third.access)


def test_an_old_refresh_token_ends_the_family_and_its_access_tokens_at_once(alice):
    first = begin(alice)
    second = refresh(first.refresh)
    with pytest.raises(operations.TokenNoGood):
        refresh(first.refresh)
    assert TokenFamily.objects.get().ending == TokenFamily.Ending.REUSE
    assert not works(second.access)
    with pytest.raises(operations.TokenNoGood):
        refresh(second.refresh)


def test_the_end_of_one_family_leaves_the_others(alice):
    here, there = begin(alice), begin(alice)
    operations.end_family(token=here.refresh, at=timezone.now())
    assert not works(here.access)
    assert works(there.access)
    assert refresh(there.refresh)


def test_signing_out_twice_is_no_error(alice):
    pair = begin(alice)
    operations.end_family(token=pair.refresh, at=timezone.now())
    operations.end_family(token=pair.refresh, at=timezone.now())
    assert TokenFamily.objects.get().ending == TokenFamily.Ending.SIGNED_OUT


@pytest.mark.parametrize("status", [User.Status.BANNED, User.Status.CLOSED])
def test_the_banned_and_closed_are_out_at_once(alice, status):
    pair = begin(alice)
    User.objects.filter(pk=alice.pk).update(status=status)
    assert not works(pair.access)
    with pytest.raises(operations.TokenNoGood):
        refresh(pair.refresh)


def test_a_raised_version_ends_all_tokens(alice):
    pair = begin(alice)
    User.objects.filter(pk=alice.pk).update(token_version=F("token_version") + 1)
    assert not works(pair.access)
    with pytest.raises(operations.TokenNoGood):
        refresh(pair.refresh)


def test_a_member_who_is_gone_is_refused(alice):
    pair = begin(alice)
    TokenFamily.objects.all().delete()
    assert not works(pair.access)
    with pytest.raises(operations.TokenNoGood):
        refresh(pair.refresh)


def test_expired_tokens(alice):
    pair = begin(alice)
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        assert not works(pair.access)
        renewed = refresh(pair.refresh)
    with time_machine.travel(timezone.now() + timedelta(days=15)), pytest.raises(operations.TokenNoGood):
        refresh(renewed.refresh)


def test_each_refresh_gives_fourteen_days_more(alice):
    pair = begin(alice)
    with time_machine.travel(timezone.now() + timedelta(days=10)):
        pair = refresh(pair.refresh)
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        assert refresh(pair.refresh)


def test_a_refresh_token_is_no_access_token_and_the_other_way_round(alice):
    pair = begin(alice)
    assert tokens.read_access(pair.refresh) is None
    with pytest.raises(operations.TokenNoGood):
        refresh(pair.access)
    assert works(pair.access)


def test_no_algorithm(alice):
    pair = begin(alice)
    claims = jwt.decode(pair.access, options={"verify_signature": False})
    assert tokens.read_access(jwt.encode(claims, "", algorithm="none")) is None
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).decode().rstrip("=")
    assert tokens.read_access(f"{head}.{pair.access.split('.')[1]}.") is None


def test_a_foreign_key_issuer_audience_or_algorithm(alice):
    ours = settings.JWT_SIGNING_KEY
    good = forged(alice, ours)
    assert tokens.read_refresh(good) is not None  # the forger's tool works when it has the key
    bad = [
        forged(alice, "x" * 64),
        forged(alice, settings.SECRET_KEY),
        forged(alice, ours, iss="elsewhere"),
        forged(alice, ours, aud="another-api"),
        forged(alice, ours, "HS384"),
        forged(alice, ours, exp=1),
        forged(alice, ours, family="not-an-id"),
        forged(alice, ours, family=None),
        forged(alice, ours, version="many"),
        forged(alice, ours, token_type="access"),
    ]
    assert [tokens.read_refresh(token) for token in bad] == [None] * len(bad)


def test_a_token_without_an_end(alice):
    pair = begin(alice)
    claims = jwt.decode(pair.refresh, options={"verify_signature": False})
    del claims["exp"]
    assert tokens.read_refresh(jwt.encode(claims, settings.JWT_SIGNING_KEY, algorithm="HS256")) is None


@pytest.mark.parametrize("cut", ["", ".", "..", "a.b.c", "é", "x" * 5000])
def test_cut_tokens(cut):
    assert tokens.read_access(cut) is None
    assert tokens.read_refresh(cut) is None


def test_every_cut_of_a_real_token(alice):
    pair = begin(alice)
    assert {tokens.read_access(pair.access[:length]) for length in range(len(pair.access))} == {None}


def test_a_members_id_of_someone_else_is_refused(alice, mallory):
    stolen = forged(alice, settings.JWT_SIGNING_KEY, user_id=str(mallory.pk))
    with pytest.raises(operations.TokenNoGood):
        refresh(stolen)


def test_thirty_refreshes_an_hour(alice):
    pair = begin(alice)
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        for _number in range(30):
            pair = refresh(pair.refresh)
        with pytest.raises(operations.TooManyRefreshes) as refused:
            refresh(pair.refresh)
        assert refused.value.retry_after == 3600
        clock.shift(timedelta(hours=1))
        assert refresh(pair.refresh)


def test_ended_families_are_forgotten_after_a_week(alice):
    ended, open_one = begin(alice), begin(alice)
    operations.end_family(token=ended.refresh, at=timezone.now() - timedelta(days=8))
    assert operations.forget_old(at=timezone.now())["families"] == 1
    assert works(open_one.access)
